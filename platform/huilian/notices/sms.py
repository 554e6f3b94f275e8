"""The road of an SMS: one small interface, and the embedded default behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.module_loading import import_string

from huilian.notices.roads import sms_transport_path


@dataclass(frozen=True, slots=True)
class Sms:
    """One message: as a text, and as an event with its facts, for providers that send approved templates only."""

    phone: str  # E.164
    text: str
    reference: str
    event: str
    language: str
    words: Mapping[str, str] = field(repr=False)


class Unsendable(Exception):
    """It will not be sent however often it is tried; says why, and names no number."""


class SmsTransport(Protocol):
    """Hands a message to whoever carries it; raises, with a reason fit for the delivery record, if it cannot."""

    def send(self, message: Sms) -> None: ...


class OutboxTransport:
    """The embedded default: the Notice row is the outbox, and is read on the outbox page."""

    def send(self, message: Sms) -> None:
        return None


def sms_transport() -> SmsTransport:
    """Make the transport that the settings name."""
    transport: SmsTransport = import_string(sms_transport_path())()
    return transport
