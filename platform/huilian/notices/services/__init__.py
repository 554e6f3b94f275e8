"""The verbs of this room: tell someone, and send what is queued."""

from huilian.notices.services.sending import send_waiting
from huilian.notices.services.telling import notify

__all__ = ["notify", "send_waiting"]
