"""The e-mail backend of the embedded default: the Notice rows are the outbox, so nothing is left to do."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Count every letter as sent; it is read on the outbox page."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)
