"""After a society came back from a backup: headquarters learns that its books are older than what it was told."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic, sleep
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from config.handlers import AGGREGATES
from federation import pump
from federation.contracts import CaseClosed, RowsGone
from federation.ledger.reconciling import rows_of
from federation.models import InboxMessage
from federation.outbox import publish
from federation.statements import Aggregate, digest_of
from huilian.billing import numbering as bill_numbers
from huilian.billing.models import BillSerial
from huilian.journal.services import record
from huilian.members import numbering as member_numbers
from huilian.members.models import NumberSerial
from tenants.context import current, headquarters, inside
from tenants.kinds import HEADQUARTERS_NUMBER
from tenants.models import Society

# Headquarters' own ledger comes back with its books and cannot tell how far versions and serials had come.
FAR = 1000
PATIENCE = 10.0  # seconds
CHUNK = 500
Known = dict[UUID, tuple[int, str]]  # row → version and digest


@dataclass(slots=True)
class Healing:
    """Per aggregate, the rows that were lifted above what headquarters knew, and those it has to forget."""

    lifted: dict[str, list[UUID]] = field(default_factory=dict)
    gone: dict[str, list[UUID]] = field(default_factory=dict)


def heal_border(society: Society, *, at: datetime) -> Healing:
    """Make the returned society's rows newer than all that was told of them. To be done while it is suspended.

    A row whose version was set back would be passed over by headquarters, and a later change of it, too.
    Rows written after the backup are reported gone, and their numbers stay used.
    """
    _await_headquarters(society)
    own = society.number == HEADQUARTERS_NUMBER
    known = {} if own else known_at_headquarters(society)
    healing = Healing()
    with inside(society), transaction.atomic():
        for name, aggregate in AGGREGATES.items():
            if own:
                healing.lifted[name] = _lift_all(aggregate)
            else:
                healing.lifted[name], healing.gone[name] = lift(name, aggregate, known[name])
        _skip_numbers(
            members=FAR if own else len(healing.gone["members"]), bills=FAR if own else len(healing.gone["fees"]), at=at
        )
        record(
            "society.returned",
            ("society", society.number),
            by="command",
            at=at,
            lifted={name: len(ids) for name, ids in healing.lifted.items()},
            gone={name: len(ids) for name, ids in healing.gone.items()},
        )
    return healing


def known_at_headquarters(society: Society) -> dict[str, Known]:
    """Per aggregate, what headquarters holds of this society's rows."""
    with inside(headquarters()):
        return {
            name: {row[0]: (row[1], digest_of(row)) for row in rows_of(name, society.number)} for name in AGGREGATES
        }


def lift(name: str, aggregate: Aggregate, known: Known) -> tuple[list[UUID], list[UUID]]:
    """Rows that headquarters knows in a later or another form, made newer and reported; and rows only it knows."""
    ours = {row[0]: (row[1], digest_of(row)) for row in aggregate.rows()}
    older = [key for key in ours.keys() & known.keys() if known[key][0] >= ours[key][0] and known[key] != ours[key]]
    for key in older:
        _rows_of(aggregate).filter(pk=key).update(version=known[key][0] + 1)
    _report(aggregate, older)
    gone = sorted(known.keys() - ours.keys())
    for start in range(0, len(gone), CHUNK):
        publish(RowsGone(aggregate=name, ids=tuple(gone[start : start + CHUNK])), to=HEADQUARTERS_NUMBER)
    if name == "applications":
        for key in gone:
            publish(
                CaseClosed(application_id=key, reason="Not in the backup the society came back from"),
                to=HEADQUARTERS_NUMBER,
            )
    return sorted(older), gone


def _skip_numbers(*, members: int, bills: int, at: datetime) -> None:
    """Numbers given since the backup are on cards and bank transfers: they are never given again."""
    if members:
        member_numbers.take_serial()
        NumberSerial.objects.update(last=F("last") + members - 1)
    if bills:
        this_year = at.astimezone(ZoneInfo(current().time_zone)).year
        for year in {this_year, *BillSerial.objects.values_list("year", flat=True)}:
            bill_numbers.take_serial(year)
        BillSerial.objects.update(last=F("last") + bills - 1)


def _lift_all(aggregate: Aggregate) -> list[UUID]:
    _rows_of(aggregate).update(version=F("version") + FAR)
    return report_all(aggregate)


def report_all(aggregate: Aggregate) -> list[UUID]:
    """Tell headquarters every row, as it stands."""
    keys = sorted(row[0] for row in aggregate.rows())
    _report(aggregate, keys)
    return keys


def _report(aggregate: Aggregate, keys: Collection[UUID]) -> None:
    listed = sorted(keys)
    for start in range(0, len(listed), CHUNK):
        aggregate.report(listed[start : start + CHUNK])


def _rows_of(aggregate: Aggregate) -> Any:
    return aggregate.rows().model._default_manager


def _await_headquarters(society: Society) -> None:
    """What headquarters was told by this society before the return has been taken in: its books are the witness.

    What still waits when nothing moves any more is held back by a parked message, and waits for a person.
    """
    last, since = -1, monotonic()
    while True:
        pump(until=lambda: True)  # one round: among writers, with a message held back, none would be the last
        waiting = _waiting(society)
        if not waiting or headquarters().state != Society.State.OPEN:
            return
        if waiting != last:
            last, since = waiting, monotonic()
            continue
        if monotonic() - since > PATIENCE:
            return
        sleep(0.2)


def _waiting(society: Society) -> int:
    """How many messages of this society headquarters has not taken in yet."""
    with inside(headquarters()):
        return InboxMessage.objects.filter(sender=society.number, state=InboxMessage.State.WAITING).count()
