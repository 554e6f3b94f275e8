"""How the federation stands: asked in a constant number of queries, each by the login that may know it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from federation import relay
from federation.ledger.models import Case, Reconciliation
from kit import clock
from tenants import registry
from tenants.context import headquarters, inside
from tenants.models import Society
from tenants.upgrading import societies_behind


@dataclass(frozen=True, slots=True)
class Figure:
    """One gauge of the federation as a whole."""

    name: str
    meaning: str
    label: str = ""


Values = dict[str, float | dict[str, float]]  # figure → value, or label → value

AGES = (("under_1d", 1), ("1d_to_3d", 3), ("3d_to_7d", 7), ("7d_to_30d", 30))
OLDEST = "30d_and_over"

BORDER = (
    Figure("huilian_border_lag_seconds", "Age of the oldest message between societies that is not handled yet"),
    Figure("huilian_border_outbox_oldest_age_seconds", "Age of the oldest message that the relay has not delivered"),
    Figure("huilian_border_inbox_oldest_age_seconds", "How long the oldest delivered message waits to be handled"),
    Figure("huilian_border_messages_undelivered", "Messages written and not delivered"),
    Figure("huilian_border_messages_waiting", "Messages delivered and not handled"),
    Figure("huilian_border_messages_parked", "Messages whose handling failed; each waits for a person"),
)
CASES = (
    Figure("huilian_cases_open", "Cases open at headquarters, by age since they arrived", "age"),
    Figure("huilian_cases_overdue", "Open cases whose day has passed"),
    Figure("huilian_case_oldest_age_seconds", "Age of the oldest open case"),
    Figure("huilian_reconcile_age_seconds", "Since when every society has answered a comparison with headquarters"),
    Figure("huilian_reconcile_societies_differing", "Societies whose last comparison with headquarters disagreed"),
)
SOCIETIES = (
    Figure("huilian_societies", "Societies on the street map, by state", "state"),
    Figure("huilian_societies_upgrade_failed", "Societies whose last upgrade failed"),
    Figure("huilian_backup_age_seconds", "Age of the oldest last backup of a society; since it opened if it has none"),
    Figure("huilian_societies_without_backup", "Societies that were never backed up"),
)
UPGRADE = (
    Figure("huilian_societies_behind", "Societies that lack a migration of their template; only where upgrades run"),
)


def border(now: datetime) -> Values:
    """As the relay: one query for every fifty societies."""
    lags = relay.survey()
    out = _age(now, *(lag.undelivered_since for lag in lags))
    waiting = _age(now, *(lag.waiting_since for lag in lags))
    names = [figure.name for figure in BORDER]
    sums = [sum(lag.undelivered for lag in lags), sum(lag.waiting for lag in lags), sum(lag.parked for lag in lags)]
    return dict(zip(names, (max(out, waiting), out, waiting, *map(float, sums)), strict=True))


def cases(now: datetime) -> Values:
    """In headquarters' own books: two queries."""
    bounds = [now - timedelta(days=days) for _name, days in AGES]
    ages = {AGES[0][0]: Q(opened_at__gt=bounds[0])}
    for (name, _days), younger, older in zip(AGES[1:], bounds, bounds[1:], strict=False):
        ages[name] = Q(opened_at__lte=younger, opened_at__gt=older)
    ages[OLDEST] = Q(opened_at__lte=bounds[-1])
    with inside(headquarters()):
        found = Case.objects.filter(state=Case.State.OPEN).aggregate(
            oldest=Min("opened_at"),
            overdue=Count("pk", filter=Q(due_on__lt=now.date())),
            **{f"age_{name}": Count("pk", filter=condition) for name, condition in ages.items()},
        )
        compared = list(
            Reconciliation.objects.filter(answered_at__isnull=False)
            .order_by("society", "-answered_at")
            .distinct("society")
            .values_list("society", "answered_at", "agrees")
        )
    known = registry.street_map().by_number
    answers = {number: at for number, at, _agrees in compared}
    never = [society.opened_at for number, society in known.items() if number not in answers]
    return {
        "huilian_cases_open": {name: float(found[f"age_{name}"]) for name in ages},
        "huilian_cases_overdue": float(found["overdue"]),
        "huilian_case_oldest_age_seconds": _age(now, found["oldest"]),
        "huilian_reconcile_age_seconds": _age(now, *(at for number, at in answers.items() if number in known), *never),
        "huilian_reconcile_societies_differing": float(sum(agrees is False for _number, _at, agrees in compared)),
    }


def societies(now: datetime) -> Values:
    """From the street map, which the process remembers anyway: two queries at most."""
    known = list(registry.street_map().by_number.values())
    in_use = [society for society in known if society.state != Society.State.OPENING]
    return {
        "huilian_societies": {
            str(state): float(sum(society.state == state for society in known)) for state in Society.State.values
        },
        "huilian_societies_upgrade_failed": float(sum(bool(society.upgrade_error) for society in known)),
        "huilian_backup_age_seconds": _age(now, *(society.backed_up_at or society.opened_at for society in in_use)),
        "huilian_societies_without_backup": float(sum(society.backed_up_at is None for society in in_use)),
    }


def upgrade(now: datetime) -> Values:
    """As the provisioner: one query over every society's migrations."""
    return {"huilian_societies_behind": float(len(societies_behind(list(registry.street_map().by_number.values()))))}


Part = tuple[Callable[[datetime], Values], tuple[Figure, ...]]
PARTS: dict[str, Part] = {
    "border": (border, BORDER),
    "cases": (cases, CASES),
    "societies": (societies, SOCIETIES),
    "upgrade": (upgrade, UPGRADE),
}


def parts_of_web() -> tuple[str, ...]:
    """The web tells how the border stands: it is alive when the worker is not."""
    return ("border", "cases", "societies")


def parts_of_worker() -> tuple[str, ...]:
    """Only who upgrades societies may compare them with their template."""
    return ("upgrade",) if "provisioner" in settings.DATABASES else ()


def ask(part: str) -> Values:
    question, _figures = PARTS[part]
    return question(clock.now())


def _age(now: datetime, *since: datetime | None) -> float:
    moments = [moment for moment in since if moment is not None]
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
