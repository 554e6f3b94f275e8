"""The road of an SMS: one small interface, and the embedded default behind it."""

from typing import Protocol

from django.utils.module_loading import import_string

from huilian.notices.roads import sms_transport_path


class SmsTransport(Protocol):
    """Hands a text to whoever carries it; raises, with a reason fit for the delivery record, if it cannot."""

    def send(self, *, phone: str, text: str, reference: str) -> None: ...


class OutboxTransport:
    """The embedded default: the Notice row is the outbox, and is read on the outbox page."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        return None


def sms_transport() -> SmsTransport:
    """Make the transport that the setting SMS_TRANSPORT names."""
    transport: SmsTransport = import_string(sms_transport_path())()
    return transport
