"""Questions to headquarters' books; each a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from federation.ledger.models import ApplicationEntry, Case, Reconciliation, RollEntry, Rollup, SignInName
from federation.ledger.projecting import FEDERATION


@dataclass
class SocietySums:
    """What stands now in one society."""

    number: str
    members: int = 0
    lapsed: int = 0
    in_progress: int = 0
    refused: int = 0
    fees_open_minor: int = 0
    fees_settled_minor: int = 0


@dataclass
class Summary:
    """The federation on one page."""

    societies: dict[str, SocietySums] = field(default_factory=dict)
    members_by_category: dict[str, int] = field(default_factory=dict)
    applications_by_step: dict[str, int] = field(default_factory=dict)
    months: dict[str, dict[date, tuple[int, int]]] = field(default_factory=dict)  # measure → month → (count, amount)
    cases_open: int = 0
    cases_overdue: int = 0
    exact: bool = True

    @property
    def members(self) -> int:
        return sum(society.members for society in self.societies.values())

    @property
    def in_progress(self) -> int:
        return sum(society.in_progress for society in self.societies.values())

    @property
    def fees_settled_minor(self) -> int:
        return sum(society.fees_settled_minor for society in self.societies.values())

    @property
    def fees_open_minor(self) -> int:
        return sum(society.fees_open_minor for society in self.societies.values())


def summary(*, on: date, months: int = 12) -> Summary:
    """Members, applications, fees and cases of the whole federation: three queries, however many societies."""
    result = Summary()
    rows = Rollup.objects.filter(month=None, measure__in=("members", "applications", "fees")).exclude(count=0)
    for society, measure, cut, count, amount in rows.values_list("society", "measure", "cut", "count", "amount_minor"):
        sums = result.societies.setdefault(society, SocietySums(society))
        _add(result, sums, measure, cut.split("|"), count, amount)
    result.months = sums_by_month(on, months=months)
    cases = Case.objects.filter(state=Case.State.OPEN).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=on))
    )
    result.cases_open, result.cases_overdue = cases["open"], cases["overdue"]
    return result


def sums_by_month(on: date, *, months: int, whole: bool = False) -> dict[str, dict[date, tuple[int, int]]]:
    """Measure → month → (count, amount) of the federation up to a day's month; `whole`: of months that were over."""
    since = (on.replace(day=1) - timedelta(days=31 * (months - 1))).replace(day=1)
    rows = Rollup.objects.filter(society=FEDERATION, month__gte=since).values("measure", "month")
    if whole:
        rows = rows.filter(month__lt=(on + timedelta(days=1)).replace(day=1))
    found: dict[str, dict[date, tuple[int, int]]] = {}
    for row in rows.annotate(n=Sum("count"), amount=Sum("amount_minor")).order_by("measure", "month"):
        month: Any = row["month"]
        found.setdefault(row["measure"], {})[month] = (row["n"], row["amount"])
    return found


def _add(result: Summary, sums: SocietySums, measure: str, cut: list[str], count: int, amount: int) -> None:
    if measure == "members":
        _kind, category, state = cut
        if state == "active":
            sums.members += count
            result.members_by_category[category] = result.members_by_category.get(category, 0) + count
        elif state == "lapsed":
            sums.lapsed += count
    elif measure == "applications":
        _category, state, step = cut
        if state == "in_progress":
            sums.in_progress += count
            result.applications_by_step[step] = result.applications_by_step.get(step, 0) + count
        elif state == "refused":
            sums.refused += count
    elif cut[1] == "settled":
        sums.fees_settled_minor += amount
    elif cut[1] != "cancelled":
        sums.fees_open_minor += amount


def find_member(number: str) -> RollEntry | None:
    """The member of any society with this number."""
    return RollEntry.objects.filter(number=number.strip().upper()).order_by("pk").first()


def home_society(name_hash: str) -> str | None:
    """The society where this sign-in name has an account; the latest where there are several."""
    found = SignInName.objects.filter(name_hash=name_hash).order_by("-opened_at", "-pk").first()
    return found.society if found else None


@dataclass(frozen=True)
class Duplicate:
    """A sign that the same person or body is known elsewhere; says where, never who."""

    society: str
    what: str  # member | application
    state: str
    same: tuple[str, ...]  # phone, email, id_number
    reapply_on: date | None = None


def duplicates(
    *, phone_hash: str, email_hash: str, id_number_hash: str, except_application: Any = None
) -> list[Duplicate]:
    """Members and applications anywhere in the federation with the same phone, e-mail or ID number: two queries."""
    hashes = {"phone": phone_hash, "email": email_hash, "id_number": id_number_hash}
    wanted = Q()
    for name, value in hashes.items():
        if value:
            wanted |= Q(**{f"{name}_hash": value})
    if not wanted:
        return []
    entries = ApplicationEntry.objects.filter(wanted).exclude(state="member")
    if except_application is not None:
        entries = entries.exclude(application_id=except_application)
    found: list[Duplicate] = []
    for what, rows in (("member", RollEntry.objects.filter(wanted)[:20]), ("application", entries[:20])):
        for row in rows:
            same = tuple(name for name, value in hashes.items() if value and getattr(row, f"{name}_hash") == value)
            found.append(Duplicate(row.society, what, row.state, same, getattr(row, "reapply_on", None)))
    return found


def reapply_date(*, phone_hash: str, email_hash: str, id_number_hash: str, category: str, on: date) -> date | None:
    """Until when a refusal anywhere in the federation bars a new application in this category."""
    wanted = Q(pk=None)
    for name, value in {"phone": phone_hash, "email": email_hash, "id_number": id_number_hash}.items():
        if value:
            wanted |= Q(**{f"{name}_hash": value})
    refused = ApplicationEntry.objects.filter(wanted, state="refused", category=category, reapply_on__gt=on)
    return refused.order_by("-reapply_on").values_list("reapply_on", flat=True).first()


def open_cases() -> QuerySet[Case]:
    """The desk's queue, the most urgent first."""
    return Case.objects.filter(state=Case.State.OPEN).order_by("due_on", "opened_at")


def differing_societies() -> list[str]:
    """The societies whose last comparison of the books found differences."""
    latest = Reconciliation.objects.exclude(agrees=None).order_by("society", "-asked_at", "-pk").distinct("society")
    return [society for society, agrees in latest.values_list("society", "agrees") if not agrees]


def overdue(case: Case, now: datetime) -> bool:
    return case.due_on is not None and case.state == Case.State.OPEN and case.due_on < now.date()
