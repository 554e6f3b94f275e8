"""Keeping the history of headquarters' rows: what changed is appended, and the sums of days move with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from federation.ledger.courses import Course, Stage
from federation.ledger.models import Change

Key = tuple[str, UUID]  # (reporter, id of the row)
Told = tuple[str, Course, date]  # whose sums, the course that a report tells, the day of the report
# society, measure, cut, day, count, amount in minor units
Moved = tuple[str, str, str, date, int, int]


def remember(measure: str, told: Mapping[Key, Sequence[Told]]) -> int:
    """Append what these reports, each row's in the order of versions, tell that is not known; returns how much."""
    last = _last_changes(measure, told)
    entries: list[Change] = []
    moved: list[Moved] = []
    for key, reports in told.items():
        known = last.get(key)
        for society, course, day in reports:
            for stage in course if known is None else _onwards(known, course, day):
                if known is None or (known.cut, known.amount_minor) != (stage.cut, stage.amount_minor):
                    entry = _entry(measure, key, society, stage)
                    moved += _moves(known, entry)
                    entries.append(entry)
                    known = entry
    Change.objects.bulk_create(entries)
    move_days(moved)
    return len(entries)


def forget(measure: str, keys: Iterable[Key], *, societies: Iterable[str], day: date) -> None:
    """Append that these rows are gone from a day on; that they were there before stays."""
    last = _last_changes(measure, {key: [(society, (), day) for society in societies] for key in keys})
    pairs = [(known, _gone(known, day)) for known in last.values() if known.cut]
    Change.objects.bulk_create([entry for _known, entry in pairs])
    move_days(move for known, entry in pairs for move in _moves(known, entry))


def move_days(moved: Iterable[Moved]) -> None:
    """Add signed counts and amounts to the sums of their day, its month and its year, in one statement."""
    sums: dict[tuple[str, date, str, str, str], list[int]] = {}
    for society, measure, cut, day, count, amount in moved:
        for span, first in spans_of(day):
            total = sums.setdefault((span, first, society, measure, cut), [0, 0])
            total[0] += count
            total[1] += amount
    add_to_movements((*key, count, amount) for key, (count, amount) in sums.items() if count or amount)


def spans_of(day: date) -> tuple[tuple[str, date], ...]:
    """The day, its month and its year, each with its first day."""
    return (
        ("day", day),
        ("month", day.replace(day=1)),
        ("year", day.replace(month=1, day=1)),
    )


def add_to_movements(changes: Iterable[tuple[str, date, str, str, str, int, int]]) -> None:
    """Add to each sum (span, first day, society, measure, cut) a signed count and amount, as given."""
    # Sorted, so that two batches at once take the rows in the same order.
    rows = sorted(changes)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_movement AS kept (span, first_on, society, measure, cut, count, amount_minor) "
            "SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[], "
            "%s::bigint[]) ON CONFLICT (span, first_on, society, measure, cut) DO UPDATE "
            "SET count = kept.count + excluded.count, amount_minor = kept.amount_minor + excluded.amount_minor",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _onwards(known: Change, course: Course, day: date) -> tuple[Stage, ...]:
    """How a known row counts now: since the day on which it ended, or since the report where it goes on."""
    now = course[-1]
    since = day if len(course) == 1 else now.from_on
    return (Stage(max(since, known.from_on), now.cut, now.amount_minor),)


def _last_changes(measure: str, told: Mapping[Key, Sequence[Told]]) -> dict[Key, Change]:
    rows = Change.objects.filter(
        measure=measure,
        society__in={society for reports in told.values() for society, _course, _day in reports},
        row_id__in=[row_id for _reporter, row_id in told],
    )
    newest = rows.order_by("society", "measure", "row_id", "reporter", "-id").distinct(
        "society", "measure", "row_id", "reporter"
    )
    return {key: row for row in newest if (key := (row.reporter, row.row_id)) in told}


def _entry(measure: str, key: Key, society: str, stage: Stage) -> Change:
    return Change(
        measure=measure,
        society=society,
        reporter=key[0],
        row_id=key[1],
        cut=stage.cut,
        amount_minor=stage.amount_minor,
        from_on=stage.from_on,
    )


def _gone(known: Change, day: date) -> Change:
    stage = Stage(max(day, known.from_on), "")
    return _entry(known.measure, (known.reporter, known.row_id), known.society, stage)


def _moves(before: Change | None, entry: Change) -> Iterable[Moved]:
    """What an entry takes from the sums, and what it adds."""
    if before is not None and before.cut:
        yield before.society, before.measure, before.cut, entry.from_on, -1, -before.amount_minor
    if entry.cut:
        yield entry.society, entry.measure, entry.cut, entry.from_on, 1, entry.amount_minor
