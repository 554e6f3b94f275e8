"""Forgetting: a message delivered and handled long ago has no more use, and its data no more reason."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Manager, Q

from federation.models import InboxMessage, OutboxMessage, UsedTicket
from federation.tickets import LONGEST

KEEP_MESSAGES = timedelta(days=30)
KEEP_NONCES = LONGEST + timedelta(days=1)
CHUNK = 1000


def forget_old(*, at: datetime) -> int:
    """Delete what is older than its keeping, and tell how many rows; undelivered, waiting, parked stay."""
    messages, nonces = at - KEEP_MESSAGES, at - KEEP_NONCES
    return (
        _forget(OutboxMessage.objects, "occurred_at", messages, Q(delivered_at__lt=messages))
        + _forget(InboxMessage.objects, "received_at", messages, Q(handled_at__lt=messages))
        + _forget(UsedTicket.objects, "used_at", nonces, Q(used_at__lt=nonces))
    )


def _forget(rows: "Manager[Any]", moment: str, before: datetime, done: Q) -> int:
    """Walk up from the oldest id, in chunks, to the first young row: no index is needed, no lock is long."""
    forgotten, last = 0, 0
    while chunk := rows.filter(pk__gt=last).order_by("pk").values_list("pk", moment)[:CHUNK]:
        forgotten += rows.filter(done, pk__in=[pk for pk, _written_at in chunk]).delete()[0]
        last, written_at = list(chunk)[-1]
        if written_at >= before:
            break
    return forgotten
