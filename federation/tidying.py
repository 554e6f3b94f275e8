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
    return (
        _forget(OutboxMessage.objects, Q(delivered_at__lt=at - KEEP_MESSAGES))
        + _forget(InboxMessage.objects, Q(state="handled", handled_at__lt=at - KEEP_MESSAGES))
        + _forget(UsedTicket.objects, Q(used_at__lt=at - KEEP_NONCES))
    )


def _forget(rows: "Manager[Any]", old: Q) -> int:
    """Walk from the oldest id in chunks until a whole chunk is young: no index is needed, no lock is long."""
    forgotten, last = 0, 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        deleted = rows.filter(old, pk__in=ids).delete()[0]
        forgotten += deleted
        last = ids[-1]
        if not deleted:
            break
    return forgotten
