"""Questions about codes: which they are, and how many people came by each."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from kit.codes import parse_code
from referrals.models import Attribution, CodeDay, ReferralCode
from tenants.context import current, url_of


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many looked, applied and became members."""

    scans: int = 0
    applications: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class FunnelDay:
    day: date
    funnel: Funnel


def find_code(text: str) -> ReferralCode | None:
    """The code of this society that was typed, in any state; raises Refusal `code_mistyped`."""
    return ReferralCode.objects.filter(code=parse_code(text).canonical).first()


def live_code_of(member_id: UUID) -> ReferralCode | None:
    """A member's own code."""
    return ReferralCode.objects.filter(member_id=member_id, revoked_at=None).first()


def link_of(code: ReferralCode) -> str:
    """The address that a QR code of this society holds."""
    return url_of(current(), f"/r/{code.code}/")


def uses_of(code: ReferralCode) -> int:
    """Applications made with a code so far."""
    total: int | None = code.days.aggregate(total=Sum("applications"))["total"]
    return total or 0


def funnel_of(code: ReferralCode) -> Funnel:
    """The funnel of one code, from the first day to now."""
    sums = code.days.aggregate(
        scans=Coalesce(Sum("scans"), 0),
        applications=Coalesce(Sum("applications"), 0),
        members=Coalesce(Sum("members"), 0),
    )
    return Funnel(**sums)


def funnel_by_day(code: ReferralCode, *, from_on: date, to_on: date) -> list[FunnelDay]:
    """The days from `from_on` up to, but without, `to_on` on which something happened."""
    days = code.days.filter(day__gte=from_on, day__lt=to_on).order_by("day")
    return [FunnelDay(day.day, Funnel(day.scans, day.applications, day.members)) for day in days]


def with_funnel(codes: QuerySet[ReferralCode]) -> QuerySet[ReferralCode]:
    """The codes with `scans`, `applications` and `members` on each: one query for a whole page."""
    return codes.annotate(
        scans=Coalesce(Sum("days__scans"), 0),
        applications=Coalesce(Sum("days__applications"), 0),
        members=Coalesce(Sum("days__members"), 0),
    )


def campaigns(codes: QuerySet[ReferralCode] | None = None, *, live_on: date | None = None) -> QuerySet[ReferralCode]:
    """The society's own codes, the newest first, with their funnels; `live_on` leaves out what is over."""
    chosen = ReferralCode.objects.all() if codes is None else codes
    found = chosen.filter(kind=ReferralCode.Kind.SOCIETY)
    if live_on is not None:
        found = found.filter(Q(valid_to=None) | Q(valid_to__gt=live_on), revoked_at=None)
    return with_funnel(found).order_by("-created_at", "code")


def total_funnel(*, from_on: date, to_on: date) -> Funnel:
    """All codes of the society together, over the days from `from_on` up to, but without, `to_on`."""
    sums = CodeDay.objects.filter(day__gte=from_on, day__lt=to_on).aggregate(
        scans=Coalesce(Sum("scans"), 0),
        applications=Coalesce(Sum("applications"), 0),
        members=Coalesce(Sum("members"), 0),
    )
    return Funnel(**sums)


def attribution_of(application_id: UUID) -> Attribution | None:
    """The attribution that holds: the latest, since a transfer adds one."""
    return Attribution.objects.filter(application_id=application_id).order_by("-recorded_at", "-pk").first()
