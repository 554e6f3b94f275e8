"""Which roads lead out of the house: by default none, and the letters are read on the outbox page."""

from django.conf import settings

OUTBOX_BACKEND = "huilian.notices.outbox.OutboxBackend"
OUTBOX_TRANSPORT = "huilian.notices.sms.OutboxTransport"
PROVIDERS = {
    "": OUTBOX_TRANSPORT,
    "aliyun": "huilian.notices.providers.aliyun.AliyunTransport",
    "tencent": "huilian.notices.providers.tencent.TencentTransport",
}


def sms_transport_path() -> str:
    """The dotted path of the class that carries an SMS."""
    chosen = getattr(settings, "SMS", None)
    return str(getattr(settings, "SMS_TRANSPORT", PROVIDERS[chosen.provider if chosen else ""]))


def is_outbox_only(channel: str) -> bool:
    """Tell whether letters of this channel are only read here, so that even a code must stay readable."""
    if channel == "sms":
        return sms_transport_path() == OUTBOX_TRANSPORT
    return str(settings.EMAIL_BACKEND) == OUTBOX_BACKEND
