"""The figures of one society's dashboard; each function is one query."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from huilian.applications.models import Application
from huilian.members.models import Member
from huilian.members.queries import tally
from kit.clock import add_years

MONTHS = 12
_STATE = Application.State


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """Members as they stand now."""

    active: int
    lapsed: int
    ended: int
    by_category: dict[str, int]  # of the active ones


@dataclass(frozen=True, slots=True)
class StepAge:
    """How many applications stand at one step, and how many of them past their clock."""

    step: str
    actor: str
    count: int
    late: int


def member_counts() -> MemberCounts:
    """All members by state, the active ones by category."""
    states: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for row in tally():
        states[row.state] += row.count
        if row.state == Member.State.ACTIVE:
            categories[row.category] += row.count
    return MemberCounts(
        active=states[Member.State.ACTIVE],
        lapsed=states[Member.State.LAPSED],
        ended=states[Member.State.ENDED],
        by_category=dict(categories),
    )


def months_up_to(on: date, count: int = MONTHS) -> list[date]:
    """The firsts of the last months, this one last."""
    first = on.year * 12 + on.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first - count + 1, first + 1)]


def joined_by_month(on: date) -> dict[str, dict[date, int]]:
    """New members of the last twelve months: category → first of the month → how many."""
    since = months_up_to(on)[0]
    rows = (
        Member.objects.filter(joined_on__gte=since, joined_on__lt=add_years(since, 1))
        .order_by()
        .annotate(month=TruncMonth("joined_on"))
        .values_list("category", "month")
        .annotate(count=Count("pk"))
    )
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for category, month, count in rows:
        found[category][month] = count
    return dict(found)


def open_steps(on: date) -> list[StepAge]:
    """Applications under way by the step at which they stand, with those that are late on this day."""
    rows = (
        Application.objects.filter(state=_STATE.IN_PROGRESS)
        .order_by("step", "step_actor")
        .values_list("step", "step_actor")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(step_due_on__lt=on)))
    )
    return [StepAge(*row) for row in rows]
