"""Which roads lead out of the house: by default none, and the letters are read on the outbox page."""

from django.conf import settings

OUTBOX_BACKEND = "huilian.notices.outbox.OutboxBackend"
OUTBOX_TRANSPORT = "huilian.notices.sms.OutboxTransport"


def sms_transport_path() -> str:
    """The dotted path of the class that carries an SMS."""
    return str(getattr(settings, "SMS_TRANSPORT", OUTBOX_TRANSPORT))


def is_outbox_only(channel: str) -> bool:
    """Tell whether letters of this channel are only read here, so that even a code must stay readable."""
    if channel == "sms":
        return sms_transport_path() == OUTBOX_TRANSPORT
    return str(settings.EMAIL_BACKEND) == OUTBOX_BACKEND
