"""Telling another society: a row in the outbox, written in the transaction of the change it tells of."""

from dataclasses import dataclass

from django.db import connection, transaction

from federation.addresses import society_at
from federation.codec import encode
from federation.contracts import Contract
from federation.models import OutboxMessage
from kit import clock
from tenants.context import current


def publish(contract: Contract, *, to: str) -> None:
    """Send `contract` to the society numbered `to` (perhaps this one) if, and only if, the caller commits."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{contract.name} must be published in the transaction of the change it tells of")
    society_at(to)
    OutboxMessage.objects.create(
        receiver=to,
        type=contract.name,
        version=contract.version,
        subject=contract.subject,
        payload=encode(contract),
        occurred_at=clock.now(),
    )
    kick = _Kick(current().schema_name)
    if not any(waiting[1] == kick for waiting in connection.run_on_commit):
        transaction.on_commit(kick, robust=True)


@dataclass(frozen=True)
class _Kick:
    """Wake the relay after the commit, once per transaction; equal kicks are one.

    It touches no society's tables, so unlike other callbacks it need not turn back to its society.
    """

    schema: str

    def __call__(self) -> None:
        from federation.tasks import deliver, kick

        kick(deliver, self.schema)
