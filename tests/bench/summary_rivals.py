"""Other ways to headquarters' summary: they answer the same questions over the same people."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Model, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django_tenants.utils import tenant_context

from federation.ledger.models import ApplicationEntry, Case, FeeEntry, RollEntry
from huilian.applications.models import Application
from huilian.billing.models import Bill
from huilian.members.models import Member

Sums = dict[str, tuple[int, int, int]]  # society → members, applications under way, fees settled
STOCK = "provisioner"  # the connection that goes by django-tenants' own backend


def loop_over_schemas(headquarters: Any, societies: Sequence[Any], *, on: date) -> Sums:
    """Stock django-tenants: turn to one schema after another and count there; money lies at headquarters."""
    since = datetime(on.year - 1, on.month % 12 + 1, 1, tzinfo=UTC)
    counts: dict[str, tuple[int, int]] = {}
    for society in societies:
        with tenant_context(society):
            members = _by(Member, "category", "state")
            applications = _by(Application, "state", "step")
            _by_month(Member, "joined_on", since)
            _by_month(Application, "submitted_at", since)
        counts[society.number] = (
            sum(row["n"] for row in members if row["state"] == "active"),
            sum(row["n"] for row in applications if row["state"] == "in_progress"),
        )
    with tenant_context(headquarters):
        bills = Bill.objects.using(STOCK).order_by().values("society_number", "state")
        settled = {
            row["society_number"]: row["total"]
            for row in bills.annotate(total=Sum("amount_minor"))
            if row["state"] == "settled"
        }
        _by_month(Bill, "settled_at", since)
        _by(Case, "state")
    return {number: (*count, settled.get(number, 0)) for number, count in counts.items()}


def count_in_projection(*, on: date) -> Sums:
    """Headquarters' books without sums beside them: count the rows, inside headquarters."""
    since = datetime(on.year - 1, on.month % 12 + 1, 1, tzinfo=UTC)
    members = _count(RollEntry.objects.values("society", "category", "state"))
    applications = _count(ApplicationEntry.objects.values("society", "state", "step"))
    fees: QuerySet[Any, Any] = FeeEntry.objects.values("society", "state").annotate(total=Sum("amount_minor"))
    for model, day in ((RollEntry, "joined_on"), (ApplicationEntry, "submitted_at"), (FeeEntry, "settled_at")):
        _by_month(model, day, since, using="default")
    _count(Case.objects.values("state"))
    sums: dict[str, list[int]] = {}
    for place, rows, name, state in (
        (0, members, "n", "active"),
        (1, applications, "n", "in_progress"),
        (2, fees, "total", "settled"),
    ):
        for row in rows:
            if row["state"] == state:
                sums.setdefault(row["society"], [0, 0, 0])[place] += row[name]
    return {society: (three[0], three[1], three[2]) for society, three in sums.items()}


def _by(model: type[Model], *names: str) -> list[dict[str, Any]]:
    return _count(model._default_manager.using(STOCK).order_by().values(*names))


def _count(rows: "QuerySet[Any, Any]") -> list[dict[str, Any]]:
    return list(rows.annotate(n=Count("pk")))


def _by_month(model: type[Model], day: str, since: datetime, *, using: str = STOCK) -> list[dict[str, Any]]:
    rows = model._default_manager.using(using).order_by().filter(**{f"{day}__gte": since})
    return _count(rows.annotate(month=TruncMonth(day)).values("month"))
