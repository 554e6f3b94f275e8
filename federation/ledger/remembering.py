"""Keeping the history of headquarters' rows: what changed is appended, and the sums of days move with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from federation.ledger.courses import Course, Stage

Key = tuple[str, UUID]  # (reporter, id of the row)
Told = tuple[str, Course, date]  # whose sums, the course that a report tells, the day of the report
# society, measure, cut, day, count, amount in minor units
Moved = tuple[str, str, str, date, int, int]


class Entry(NamedTuple):
    """One row of `ledger_change`, without its serial number."""

    measure: str
    society: str
    reporter: str
    row_id: UUID
    cut: str
    amount_minor: int
    from_on: date


def remember(measure: str, told: Mapping[Key, Sequence[Told]]) -> int:
    """Append what these reports, each row's in the order of versions, tell that is not known; returns how much."""
    last = _last_entries(measure, told, {society for reports in told.values() for society, _course, _day in reports})
    entries: list[Entry] = []
    moved: list[Moved] = []
    for key, reports in told.items():
        known = last.get(key)
        for society, course, day in reports:
            for stage in course if known is None else _onwards(known, course, day):
                if known is None or (known.cut, known.amount_minor) != (stage.cut, stage.amount_minor):
                    entry = Entry(measure, society, *key, stage.cut, stage.amount_minor, stage.from_on)
                    moved += _moves(known, entry)
                    entries.append(entry)
                    known = entry
    _append(entries)
    move_days(moved)
    return len(entries)


def forget(measure: str, keys: Iterable[Key], *, societies: Iterable[str], day: date) -> None:
    """Append that these rows are gone from a day on; that they were there before stays."""
    last = _last_entries(measure, list(keys), set(societies))
    pairs = [
        (known, known._replace(cut="", amount_minor=0, from_on=max(day, known.from_on)))
        for known in last.values()
        if known.cut
    ]
    _append([entry for _known, entry in pairs])
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


def _append(entries: Sequence[Entry]) -> None:
    if not entries:
        return
    with connection.cursor() as cursor:
        # In the order given: the serial number says which of a row's entries is the last.
        cursor.execute(
            "INSERT INTO ledger_change (measure, society, reporter, row_id, cut, amount_minor, from_on) "
            "SELECT measure, society, reporter, row_id, cut, amount_minor, from_on FROM unnest(%s::text[], %s::text[], "
            "%s::text[], %s::uuid[], %s::text[], %s::bigint[], %s::date[]) WITH ORDINALITY "
            "AS given (measure, society, reporter, row_id, cut, amount_minor, from_on, at) ORDER BY at",
            [list(column) for column in zip(*entries, strict=True)],
        )


def _last_entries(measure: str, keys: Iterable[Key], societies: set[str]) -> dict[Key, Entry]:
    wanted = set(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (society, measure, row_id, reporter) measure, society, reporter, row_id, cut, "
            "amount_minor, from_on FROM ledger_change WHERE society = ANY(%s) AND measure = %s AND row_id = ANY(%s) "
            "ORDER BY society, measure, row_id, reporter, id DESC",
            [sorted(societies), measure, [row_id for _reporter, row_id in wanted]],
        )
        newest = [Entry(*row) for row in cursor.fetchall()]
    return {key: each for each in newest if (key := (each.reporter, each.row_id)) in wanted}


def _onwards(known: Entry, course: Course, day: date) -> tuple[Stage, ...]:
    """How a known row counts now: since the day on which it ended, or since the report where it goes on."""
    now = course[-1]
    since = day if len(course) == 1 else now.from_on
    return (Stage(max(since, known.from_on), now.cut, now.amount_minor),)


def _moves(before: Entry | None, entry: Entry) -> Iterable[Moved]:
    """What an entry takes from the sums, and what it adds."""
    if before is not None and before.cut:
        yield before.society, before.measure, before.cut, entry.from_on, -1, -before.amount_minor
    if entry.cut:
        yield entry.society, entry.measure, entry.cut, entry.from_on, 1, entry.amount_minor
