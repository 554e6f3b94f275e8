"""What the letters of the catalogue, their states and their roads are called in the console."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from huilian.notices.catalogue import LANGUAGES
from huilian.notices.models import Notice
from huilian.portals.shapes import Words

EVENT_WORDS: Mapping[str, Words] = {
    "code.sent": _("One-time code"),
    "account.invited": _("Invitation to an office"),
    "account.contact_changed": _("Changed phone or e-mail"),
    "application.acknowledged": _("Application received"),
    "application.approved": _("Application approved"),
    "application.refused": _("Application refused"),
    "application.expired": _("Application expired"),
    "application.withdrawn": _("Application withdrawn"),
    "membership.welcome": _("Welcome to a new member"),
    "membership.taken_over": _("Membership taken over from earlier records"),
    "dues.please_pay": _("Please pay the dues"),
    "payment.received": _("Payment received"),
    "payment.rejected": _("Payment not confirmed"),
}
CHANNEL_WORDS: Mapping[str, Words] = {"email": _("E-mail"), "sms": _("SMS")}
STATE_WORDS: Mapping[str, Words] = {
    Notice.State.QUEUED: _("queued"),
    Notice.State.SENT: _("sent"),
    Notice.State.FAILED: _("failed"),
}
LANGUAGE_WORDS: Mapping[str, Words] = {LANGUAGES[0]: _("Chinese"), LANGUAGES[1]: _("English")}


def event_words(event: str) -> Words:
    """What the letter is about, or its stable name."""
    return EVENT_WORDS.get(event, event)
