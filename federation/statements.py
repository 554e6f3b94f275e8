"""Stating one's own books in few bytes, so that headquarters can tell whether its picture of them is true.

Both sides use `build_statement` on rows `(id, version, state, amount in minor units)` of an aggregate. Rows
fall into 64 buckets by id, and each bucket has a digest; where digests differ, its rows are named.
A statement tells the state at its place in the message order, give or take what was written at the same
moment: a row that differs only because of that is right when compared once more.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from federation.contracts import ReplayRequested, RowsGone, StatementGiven, StatementRequested
from federation.outbox import publish
from kit.errors import Refusal

BUCKETS = 64
DIGEST_BYTES = 16

Row = tuple[UUID, int, str, int]  # id, version, state, amount_minor


@dataclass(frozen=True)
class Aggregate:
    """One kind of row that a society reports, by dotted names of two functions of its room.

    `rows()` is a queryset of `values_list("id", "version", "state", amount)` of all that is reported;
    `report(ids)` publishes these rows again as they stand.
    """

    rows_function: str
    report_function: str

    @cached_property
    def rows(self) -> Callable[[], Any]:
        found: Callable[[], Any] = import_string(self.rows_function)
        return found

    @cached_property
    def report(self) -> Callable[[Collection[UUID]], Any]:
        found: Callable[[Collection[UUID]], Any] = import_string(self.report_function)
        return found


_aggregates: Mapping[str, Aggregate] = {}


def bind(aggregates: Mapping[str, Aggregate]) -> None:
    """Take the table of aggregates; called once, when the program starts."""
    global _aggregates
    _aggregates = aggregates


def bucket_of(key: UUID) -> int:
    return key.int % BUCKETS


def digest_of(row: Row) -> str:
    """What stands for a row in a comparison: 32 hex digits."""
    return _digest(row).hex()


def build_statement(rows: Iterable[Row]) -> dict[str, Any]:
    """`{count, amount_minor, buckets: [64 digests]}` of all rows of an aggregate, whatever their order."""
    count = amount = 0
    buckets = [0] * BUCKETS
    for row in rows:
        count += 1
        amount += row[3]
        # Exclusive or: a bucket's digest does not depend on the order of its rows.
        buckets[bucket_of(row[0])] ^= int.from_bytes(_digest(row))
    width = 2 * DIGEST_BYTES
    return {"count": count, "amount_minor": amount, "buckets": [f"{digest:0{width}x}" for digest in buckets]}


def name_rows(rows: Iterable[Row], buckets: Collection[int]) -> list[list[Any]]:
    """`[[id, version, digest]]` of the rows in these buckets, by id."""
    return [[str(row[0]), row[1], digest_of(row)] for row in sorted(rows) if bucket_of(row[0]) in buckets]


def give_statement(message: StatementRequested, *, sender: str, at: datetime) -> None:
    """Answer with the state of all aggregates, or of one and the rows in some of its buckets."""
    stated, named = {}, {}
    for name in [message.aggregate] if message.aggregate else _aggregates:
        rows = list(_aggregate(name).rows())
        stated[name] = build_statement(rows)
        if message.buckets:
            named[name] = name_rows(rows, message.buckets)
    publish(StatementGiven(reconciliation_id=message.reconciliation_id, aggregates=stated, rows=named), to=sender)


def replay_rows(message: ReplayRequested, *, sender: str, at: datetime) -> None:
    """Report these rows again, and say which of them are not in our books."""
    aggregate = _aggregate(message.aggregate)
    known = {row[0] for row in aggregate.rows().filter(pk__in=message.ids)}
    if known:
        aggregate.report([key for key in message.ids if key in known])
    gone = tuple(key for key in message.ids if key not in known)
    if gone:
        publish(RowsGone(aggregate=message.aggregate, ids=gone), to=sender)


def _aggregate(name: str) -> Aggregate:
    try:
        return _aggregates[name]
    except KeyError:
        raise Refusal("unknown_aggregate", _("No aggregate has this name.")) from None


def _digest(row: Row) -> bytes:
    key, version, state, amount = row
    return blake2b(f"{key}|{version}|{state}|{amount}".encode(), digest_size=DIGEST_BYTES).digest()
