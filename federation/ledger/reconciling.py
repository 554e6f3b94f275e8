"""Headquarters equals the sum of its societies: ask each for its statement, compare, name differences, repair.

A statement travels in the order of messages, so what a society reported before it has been taken in when it arrives:
the comparison is exact while work goes on. Where digests differ, the society is asked for the rows of those buckets.
The sums that headquarters keeps beside its rows are counted anew at the same time.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value

from federation.contracts import ReplayRequested, StatementGiven, StatementRequested
from federation.ledger.catching_up import catch_up, rows_remembered
from federation.ledger.models import ApplicationEntry, FeeEntry, Reconciliation, RollEntry
from federation.ledger.projecting import FEDERATION
from federation.ledger.recounting import Drift, DriftedDay, drifted_days, drifted_sums, mend_days, mend_sums
from federation.outbox import publish
from federation.statements import Row, bucket_of, build_statement, digest_of
from tenants.kinds import HEADQUARTERS_NUMBER
from tenants.registry import street_map

AGGREGATES = ("members", "applications", "fees")
SUMS = "sums"  # headquarters' own: no society is asked about them


@dataclass(frozen=True)
class Difference:
    """One row on which headquarters and a society do not agree, or one sum that is not that of its rows."""

    aggregate: str
    id: str  # of a sum its name: measure, facets, month
    here: str  # digest, or "" where headquarters does not have the row; of a sum count and amount in minor units
    there: str


def request_statements(*, at: datetime, numbers: Iterable[str] | None = None) -> list[Reconciliation]:
    """Ask these societies (all by default, headquarters too) for their statement."""
    asked = []
    with transaction.atomic():
        for number in sorted(numbers if numbers is not None else street_map().by_number):
            reconciliation = Reconciliation.objects.create(society=number, asked_at=at)
            publish(StatementRequested(reconciliation_id=reconciliation.pk), to=number)
            asked.append(reconciliation)
    return asked


def receive_statement(message: StatementGiven, sender: str, at: datetime) -> None:
    """Compare; where something differs and the rows are not named yet, ask for them."""
    reconciliation = Reconciliation.objects.filter(pk=message.reconciliation_id, society=sender).first()
    if reconciliation is None or reconciliation.agrees is not None:
        return
    if message.rows:
        _take_rows(reconciliation, message.rows, sender, at)
        return
    differing = {name: _differing_buckets(name, sender, message.aggregates.get(name, {})) for name in AGGREGATES}
    asked = {name: buckets for name, buckets in differing.items() if buckets}
    reconciliation.statement = {"aggregates": message.aggregates, "asked": asked, "answered": []}
    reconciliation.differences = [asdict(each) for each in _drifts(sender, besides=asked)]
    if not asked:
        reconciliation.agrees, reconciliation.answered_at = not reconciliation.differences, at
    reconciliation.save()
    for aggregate, buckets in asked.items():
        request = StatementRequested(reconciliation_id=reconciliation.pk, aggregate=aggregate, buckets=tuple(buckets))
        publish(request, to=sender)


def _take_rows(reconciliation: Reconciliation, named: dict[str, list[Any]], sender: str, at: datetime) -> None:
    """Name the differences of the aggregates that were asked about; the last answer closes the comparison."""
    state = reconciliation.statement or {"asked": {}, "answered": []}
    for aggregate, rows in named.items():
        reconciliation.differences += [asdict(d) for d in _name_differences(aggregate, sender, rows, state["asked"])]
        state["answered"] = sorted({*state["answered"], aggregate})
    reconciliation.statement = state
    if set(state["answered"]) >= set(state["asked"]):
        reconciliation.agrees, reconciliation.answered_at = not reconciliation.differences, at
    reconciliation.save()


def repair(reconciliation: Reconciliation) -> int:
    """Put the sums right and ask the society to report the differing rows again; returns how many both are."""
    by_aggregate: dict[str, list[UUID]] = {}
    for difference in reconciliation.differences:
        if difference["aggregate"] != SUMS:
            by_aggregate.setdefault(difference["aggregate"], []).append(UUID(difference["id"]))
    with transaction.atomic():
        # Before the rows: those that come again move the sums from where they truly were.
        for whose in (reconciliation.society, FEDERATION):
            mend_sums(whose)
        catch_up(reconciliation.society, besides=by_aggregate)
        mend_days(reconciliation.society)
        for aggregate, ids in by_aggregate.items():
            for start in range(0, len(ids), 500):
                publish(
                    ReplayRequested(aggregate=aggregate, ids=tuple(ids[start : start + 500])),
                    to=reconciliation.society,
                )
    return len(reconciliation.differences)


def _drifts(society: str, *, besides: Collection[str]) -> list[Difference]:
    """The drifted sums of this society and of its history; the federation's own go with headquarters' statement.

    `besides` names the aggregates of which rows differ: their history is no worse than that.
    """
    drifts: list[Drift | DriftedDay] = [*drifted_sums(society), *drifted_days(society)]
    if society == HEADQUARTERS_NUMBER:
        drifts += drifted_sums(FEDERATION)
    behind = {name: counts for name, counts in rows_remembered(society).items() if name not in besides}
    return [
        *(Difference(SUMS, each.name, "{} {}".format(*each.kept), "{} {}".format(*each.counted)) for each in drifts),
        *(Difference(SUMS, f"history {name}", str(known), str(rows)) for name, (known, rows) in behind.items()),
    ]


def rows_of(aggregate: str, society: str) -> Iterable[Row]:
    """Headquarters' own rows of what this society reports, in the statement's form."""
    rows: Any
    if aggregate == "members":
        rows = RollEntry.objects.filter(society=society).values_list("member_id", "version", "state", Value(0))
    elif aggregate == "applications":
        rows = ApplicationEntry.objects.filter(society=society).values_list(
            "application_id", "version", "state", Value(0)
        )
    else:
        rows = FeeEntry.objects.filter(payee=society).values_list("bill_id", "version", "state", F("amount_minor"))
    found: Iterable[Row] = rows.iterator(chunk_size=5000)
    return found


def _differing_buckets(aggregate: str, society: str, theirs: dict[str, Any]) -> list[int]:
    ours = build_statement(rows_of(aggregate, society))
    given = theirs.get("buckets", [])
    if len(given) != len(ours["buckets"]):
        return list(range(len(ours["buckets"])))
    return [index for index, (a, b) in enumerate(zip(ours["buckets"], given, strict=True)) if a != b]


def _name_differences(aggregate: str, society: str, named: list[Any], asked: dict[str, list[int]]) -> list[Difference]:
    """`named`: the society's [id, version, digest] in the buckets that were asked about.

    A row that stands here in a later version was reported while the answer was on its way: no difference.
    """
    buckets = set(asked.get(aggregate, ()))
    there = {str(key): (int(version), str(digest)) for key, version, digest in named}
    here = {
        str(row[0]): (row[1], digest_of(row)) for row in rows_of(aggregate, society) if bucket_of(row[0]) in buckets
    }
    nothing = (0, "")
    return [
        Difference(aggregate, key, here.get(key, nothing)[1], there.get(key, nothing)[1])
        for key in sorted(here.keys() | there.keys())
        if here.get(key) != there.get(key) and not here.get(key, nothing)[0] > there.get(key, (10**9, ""))[0]
    ]
