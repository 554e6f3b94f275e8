"""The verbs of this room: tell someone, send what is queued, send it again, word a letter anew."""

from huilian.notices.services.again import send_again
from huilian.notices.services.rewording import known_event, reset_letter, reword_letter
from huilian.notices.services.sending import send_waiting
from huilian.notices.services.telling import notify

__all__ = ["known_event", "notify", "reset_letter", "reword_letter", "send_again", "send_waiting"]
