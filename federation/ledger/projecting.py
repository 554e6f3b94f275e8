"""Keeping headquarters' books: the newest report of each row wins; sums and history move in the same transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models

from federation.contracts import ApplicationReported, Contract, FeeReported, MemberReported
from federation.ledger.courses import Course, course_of_application, course_of_fee, course_of_member, day_of
from federation.ledger.models import ApplicationEntry, FeeEntry, RollEntry
from federation.ledger.remembering import Told, forget, remember

ReportT = TypeVar("ReportT", bound=Contract)
# measure, cut, month, amount in minor units
Measure = tuple[str, str, date | None, int]
FEDERATION = ""  # in the place of a society's number: the sum over all of them
Received = tuple[ReportT, str, datetime]  # the report, its sender, when it was received


@dataclass(frozen=True)
class Projection(Generic[ReportT]):
    """How one kind of report becomes a row, which sums a row counts in, and what it tells of its past."""

    name: str
    model: type[models.Model]
    key: tuple[str, str]  # the fields (reporter, id)
    row: Callable[[ReportT, str, datetime], dict[str, Any]]
    measures: Callable[[Any], Iterable[Measure]]
    society: Callable[[Any], str]  # whose sums a row counts in
    course: Callable[[Any, date], Course]

    def apply(self, reports: Sequence[Received[ReportT]]) -> int:
        """Take a batch of reports; older versions than the known are passed over. Returns the rows written.

        The known version is taken again: that is how a row that was spoilt here is mended by a replay.
        """
        versions: dict[tuple[str, Any], dict[int, tuple[dict[str, Any], date]]] = {}
        for report, sender, at in reports:
            row = self.row(report, sender, at)
            told = versions.setdefault((row[self.key[0]], row[self.key[1]]), {})
            told.setdefault(row["version"], (row, day_of(getattr(report, "changed_at", None) or at)))
        newest = {key: told[max(told)][0] for key, told in versions.items()}
        known = self._known(newest)
        fresh = [
            (self.model(**row), known.get(key))
            for key, row in newest.items()
            if key not in known or known[key].version <= row["version"]
        ]
        if not fresh:
            return 0
        names = [name for name in next(iter(newest.values())) if name not in self.key]
        self.model._default_manager.bulk_create(
            [new for new, _old in fresh],
            update_conflicts=True,
            unique_fields=list(self.key),
            update_fields=names,
        )
        move_sums(self._deltas(fresh))
        remember(self.name, {key: self._told(told, known.get(key)) for key, told in versions.items()})
        return len(fresh)

    def drop(self, reporter: str, ids: Sequence[UUID], *, at: datetime) -> int:
        """Forget rows that the reporter does not have; the history keeps until when they were there."""
        rows = list(self.model._default_manager.filter(**{self.key[0]: reporter, f"{self.key[1]}__in": list(ids)}))
        self.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        move_sums([(self.society(row), *measure, -1) for row in rows for measure in self.measures(row)])
        keys = [(getattr(row, self.key[0]), getattr(row, self.key[1])) for row in rows]
        forget(self.name, keys, societies={self.society(row) for row in rows}, day=day_of(at))
        return len(rows)

    def _told(self, versions: Mapping[int, tuple[dict[str, Any], date]], known: Any) -> list[Told]:
        """What these versions of a row tell, the oldest first; those before the known one are passed over."""
        rows = [
            (self.model(**values), day)
            for version, (values, day) in sorted(versions.items())
            if known is None or known.version <= version
        ]
        return [(self.society(row), self.course(row, day), day) for row, day in rows]

    def _known(self, wanted: Iterable[tuple[str, Any]]) -> dict[tuple[str, Any], Any]:
        wanted = list(wanted)
        rows = self.model._default_manager.filter(
            **{f"{self.key[0]}__in": {k[0] for k in wanted}, f"{self.key[1]}__in": [k[1] for k in wanted]}
        )
        return {(getattr(row, self.key[0]), getattr(row, self.key[1])): row for row in rows}

    def _deltas(self, fresh: Iterable[tuple[Any, Any]]) -> list[tuple[str, str, str, date | None, int, int]]:
        deltas = []
        for new, old in fresh:
            if old is not None:
                deltas += [(self.society(old), *measure, -1) for measure in self.measures(old)]
            deltas += [(self.society(new), *measure, 1) for measure in self.measures(new)]
        return deltas


def move_sums(deltas: Iterable[tuple[str, str, str, date | None, int, int]]) -> None:
    """Add signed counts and amounts to the rollups, in one statement."""
    sums: dict[tuple[str, str, str, date | None], list[int]] = {}
    for society, measure, cut, month, amount, sign in deltas:
        # Months add up, so they are also kept for the whole federation: a year's curve is then a few hundred rows.
        for whose in (society,) if month is None else (society, FEDERATION):
            total = sums.setdefault((whose, measure, cut, month), [0, 0])
            total[0] += sign
            total[1] += sign * amount
    add_to_sums((*key, count, amount) for key, (count, amount) in sums.items() if count or amount)


def add_to_sums(changes: Iterable[tuple[str, str, str, date | None, int, int]]) -> None:
    """Add to each sum (society, measure, cut, month) a signed count and amount, as given and nowhere else."""
    # Sorted, so that two batches at once take the rows in the same order.
    moved = sorted(changes, key=lambda change: (*change[:3], str(change[3])))
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_rollup AS kept (society, measure, cut, month, count, amount_minor) "
            "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::bigint[], %s::bigint[]) "
            "ON CONFLICT (society, measure, cut, month) DO UPDATE SET count = kept.count + excluded.count, "
            "amount_minor = kept.amount_minor + excluded.amount_minor",
            [list(column) for column in zip(*moved, strict=True)],
        )


def _month(day: date | datetime) -> date:
    """The month in which something happened, by headquarters' calendar: its books close with the local month."""
    if isinstance(day, datetime):
        day = day_of(day)
    return date(day.year, day.month, 1)


def _member_row(report: MemberReported, sender: str, at: datetime) -> dict[str, Any]:
    return {
        "society": sender,
        "member_id": report.member_id,
        "number": report.number,
        "kind": report.kind,
        "category": report.category,
        "state": report.state,
        "name": report.member_name,
        "sort_key": report.sort_key,
        "channel": report.channel,
        "referral_code": report.referral_code,
        "phone_hash": report.phone_hash,
        "email_hash": report.email_hash,
        "id_number_hash": report.id_number_hash,
        "joined_on": report.joined_on,
        "from_on": report.from_on,
        "to_on": report.to_on,
        "version": report.row_version,
        "reported_at": at,
    }


def _member_measures(row: RollEntry) -> Iterable[Measure]:
    yield "members", f"{row.kind}|{row.category}|{row.state}", None, 0
    yield "joined", f"{row.category}|{row.channel}", _month(row.joined_on), 0
    if row.referral_code:
        yield "referred", row.referral_code, None, 0


def _application_row(report: ApplicationReported, sender: str, at: datetime) -> dict[str, Any]:
    same = (
        "application_id reference kind category state step step_due_on channel referral_code phone_hash email_hash "
        "id_number_hash submitted_at ended_at reapply_on"
    )
    row = {name: getattr(report, name) for name in same.split()}
    return {**row, "society": sender, "version": report.row_version, "reported_at": at}


def _application_measures(row: ApplicationEntry) -> Iterable[Measure]:
    yield "applications", f"{row.category}|{row.state}|{row.step}", None, 0
    yield "submitted", f"{row.category}|{row.channel}", _month(row.submitted_at), 0


def _fee_row(report: FeeReported, sender: str, at: datetime) -> dict[str, Any]:
    same = "bill_id society number category years amount_minor currency state opened_at settled_at"
    row = {name: getattr(report, name) for name in same.split()}
    return {**row, "payee": sender, "version": report.row_version, "reported_at": at}


def _fee_measures(row: FeeEntry) -> Iterable[Measure]:
    yield "fees", f"{row.category}|{row.state}|{row.currency}", None, row.amount_minor
    if row.settled_at is not None:
        yield "settled", f"{row.category}|{row.currency}", _month(row.settled_at), row.amount_minor


MEMBERS: Projection[MemberReported] = Projection(
    name="members",
    model=RollEntry,
    key=("society", "member_id"),
    row=_member_row,
    measures=_member_measures,
    society=lambda row: str(row.society),
    course=course_of_member,
)
APPLICATIONS: Projection[ApplicationReported] = Projection(
    name="applications",
    model=ApplicationEntry,
    key=("society", "application_id"),
    row=_application_row,
    measures=_application_measures,
    society=lambda row: str(row.society),
    course=course_of_application,
)
FEES: Projection[FeeReported] = Projection(
    name="fees",
    model=FeeEntry,
    key=("payee", "bill_id"),
    row=_fee_row,
    measures=_fee_measures,
    society=lambda row: str(row.society),
    course=course_of_fee,
)
PROJECTIONS: dict[str, Projection[Any]] = {"members": MEMBERS, "applications": APPLICATIONS, "fees": FEES}
