"""The federation as it stood at the end of a day: a fixed number of queries at any size and for any day."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from federation.ledger.models import HistoryStart
from federation.ledger.queries import SocietySums, Summary, sums_by_month
from tenants.context import current

AGES = (3, 7, 14, 30)  # the last day of each class of age; one more is open above
_STOOD = """
SELECT society, measure, cut, sum(count)::bigint, sum(amount_minor)::bigint FROM ledger_movement
 WHERE ((span = 'year' AND first_on < %(year)s) OR (span = 'month' AND first_on >= %(year)s AND first_on < %(month)s)
        OR (span = 'day' AND first_on >= %(month)s AND first_on <= %(day)s))
   AND (%(society)s = '' OR society = %(society)s)
 GROUP BY society, measure, cut HAVING sum(count) <> 0
"""
# How many were in standing at the ends of the months before: what came since is taken off again.
_CAME = """
SELECT date_trunc('month', first_on::timestamp)::date, sum(count)::bigint FROM ledger_movement
 WHERE measure = 'members' AND right(cut, 7) = '|active' AND (%(society)s = '' OR society = %(society)s)
   AND ((span = 'month' AND first_on >= %(since)s AND first_on < %(month)s)
        OR (span = 'day' AND first_on >= %(month)s AND first_on <= %(day)s))
 GROUP BY 1
"""
_WAITED = """
WITH waiting AS (
  SELECT opened_at, due_on, society FROM ledger_case WHERE decided_at IS NULL
  UNION ALL
  SELECT opened_at, due_on, society FROM ledger_case WHERE decided_at >= %(end)s
)
SELECT width_bucket(%(day)s::date - (opened_at AT TIME ZONE %(zone)s)::date, %(ages)s::int[]),
       count(*), count(*) FILTER (WHERE due_on < %(day)s)
  FROM waiting WHERE opened_at < %(end)s AND (%(society)s = '' OR society = %(society)s)
 GROUP BY 1
"""


@dataclass(slots=True)
class Stood:
    """How a part of the federation stood: one category in one society, or a sum of such."""

    members: int = 0
    lapsed: int = 0
    ended: int = 0
    in_progress: int = 0
    refused: int = 0
    fees_open_minor: int = 0
    fees_settled_minor: int = 0

    def add(self, other: "Stood") -> None:
        for name in Stood.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Waited:
    """Cases that were undecided: how many in each class of age, and how many of these past their clock."""

    count: int
    late: int


@dataclass(slots=True)
class Past:
    """The federation, or one society, at the end of a day."""

    on: date
    exact_from: date | None  # from then on every change is kept; None: ever since the books began
    parts: dict[tuple[str, str], Stood] = field(default_factory=dict)  # (society, category)
    cases: list[Waited] = field(default_factory=list)  # one a class of AGES, and one above

    @property
    def is_exact(self) -> bool:
        return self.exact_from is None or self.on >= self.exact_from

    @property
    def together(self) -> Stood:
        return _sum(self.parts.values())

    def by_society(self) -> dict[str, Stood]:
        return self._by(lambda society, _category: society)

    def by_category(self) -> dict[str, Stood]:
        return self._by(lambda _society, category: category)

    def _by(self, name: Callable[[str, str], str]) -> dict[str, Stood]:
        found: defaultdict[str, list[Stood]] = defaultdict(list)
        for key, stood in self.parts.items():
            found[name(*key)].append(stood)
        return {key: _sum(found[key]) for key in sorted(found)}


def stood_on(day: date, *, society: str = "") -> Past:
    """Members, applications, dues and cases at the end of a day of headquarters' calendar: three queries."""
    facts: dict[str, Any] = {
        "year": day.replace(month=1, day=1),
        "month": day.replace(day=1),
        "day": day,
        "society": society,
    }
    past = Past(day, HistoryStart.objects.order_by("on").values_list("on", flat=True).first())
    with connection.cursor() as cursor:
        cursor.execute(_STOOD, facts)
        for number, measure, cut, count, amount in cursor.fetchall():
            _count(past, number, measure, cut.split("|"), count, amount)
    past.cases = waited_on(day, society=society)
    return past


def waited_on(day: date, *, society: str = "") -> list[Waited]:
    """The cases that were undecided at the end of a day, by class of age: one query."""
    facts: dict[str, Any] = {
        "day": day,
        "society": society,
        "zone": current().time_zone,
        "end": _end_of(day),
        "ages": [last + 1 for last in AGES],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITED, facts)
        classes = {at: Waited(count, late) for at, count, late in cursor.fetchall()}
    return [classes.get(at, Waited(0, 0)) for at in range(len(AGES) + 1)]


def summary_of(day: date, *, months: int) -> Summary:
    """A past day in the form of the summary, with the months that were over by then: four queries."""
    past = stood_on(day)
    result = Summary(exact=past.is_exact, months=sums_by_month(day, months=months, whole=True))
    for number, part in past.by_society().items():
        facts = {name: getattr(part, name) for name in Stood.__slots__ if name != "ended"}
        result.societies[number] = SocietySums(number, **facts)
    result.members_by_category = {name: part.members for name, part in past.by_category().items() if part.members}
    result.cases_open = sum(each.count for each in past.cases)
    result.cases_overdue = sum(each.late for each in past.cases)
    return result


def members_by_month(past: Past, *, months: int = 12, society: str = "") -> dict[date, int]:
    """First of the month → members in standing at its end, the last month as of the day: one more query."""
    this = past.on.replace(day=1)
    firsts = [this]
    while len(firsts) < months:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    facts: dict[str, Any] = {"month": this, "since": firsts[-1], "day": past.on, "society": society}
    with connection.cursor() as cursor:
        cursor.execute(_CAME, facts)
        came = dict(cursor.fetchall())
    standing, found = past.together.members, {}
    for first in firsts:
        found[first] = standing
        standing -= came.get(first, 0)
    return dict(reversed(found.items()))


def _end_of(day: date) -> datetime:
    """The first moment of the next day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(current().time_zone))


def _count(past: Past, society: str, measure: str, cut: list[str], count: int, amount: int) -> None:
    category, state = cut[1:] if measure == "members" else cut[:2]
    part = past.parts.setdefault((society, category), Stood())
    match measure, state:
        case "members", "active":
            part.members += count
        case "members", "lapsed":
            part.lapsed += count
        case "members", "ended":
            part.ended += count
        case "applications", "in_progress":
            part.in_progress += count
        case "applications", "refused":
            part.refused += count
        case "fees", "open":
            part.fees_open_minor += amount
        case "fees", "settled":
            part.fees_settled_minor += amount


def _sum(parts: Iterable[Stood]) -> Stood:
    total = Stood()
    for part in parts:
        total.add(part)
    return total
