"""The lists of headquarters' books, filtered, and how long each is: the kept sums know without counting."""

from datetime import date
from typing import Any, Literal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from federation.ledger.changes import Change
from federation.ledger.models import ApplicationEntry, FeeEntry, RollEntry, Rollup
from kit.names import sort_key

Measure = Literal["members", "applications", "fees"]
# What stands between the bars in the cut of each of these sums; see `projecting`.
_CUTS: dict[Measure, tuple[str, str, str]] = {
    "members": ("kind", "category", "state"),
    "applications": ("category", "state", "step"),
    "fees": ("category", "state", "currency"),
}


def roll(
    *, society: str = "", category: str = "", state: str = "", kind: str = "", code: str = "", text: str = ""
) -> QuerySet[RollEntry]:
    """The roll, filtered; `text` is a number, or the beginning of a name or of its pinyin."""
    wishes = {"society": society, "category": category, "state": state, "kind": kind, "referral_code": code}
    rows = RollEntry.objects.order_by("sort_key", "id").filter(**_given(wishes))
    return rows.filter(_named(text.strip())) if text.strip() else rows


def standing_on(day: date, *, society: str = "", category: str = "") -> QuerySet[RollEntry]:
    """Who was a member in standing at the end of a day; `then` says how each counted: `kind|category|active`.

    What a row counted as is its last change until that day. Rows that left the roll since are counted by
    `past.stood_on`, but nothing is known of them any more.
    """
    changes = Change.objects.filter(
        society=OuterRef("society"), measure="members", row_id=OuterRef("member_id"), from_on__lte=day
    )
    then = Subquery(changes.order_by("-id").values("cut")[:1])
    counted = f"|{category}|active" if category else "|active"
    return roll(society=society).annotate(then=then).filter(then__endswith=counted)


def _named(text: str) -> Q:
    """One condition wherever that is enough: of several, the planner would read the whole roll in its order."""
    if not text.isascii():
        return Q(name__startswith=text)
    by_key = Q(sort_key__startswith=sort_key(text))  # of a name in Latin letters: the name itself
    return Q(number=text.upper()) | by_key if any(each.isdigit() for each in text) else by_key


def applications(
    *, society: str = "", category: str = "", state: str = "", step: str = ""
) -> QuerySet[ApplicationEntry]:
    """Applications of all societies, the newest first."""
    wishes = {"society": society, "category": category, "state": state, "step": step}
    return ApplicationEntry.objects.order_by("-submitted_at", "-id").filter(**_given(wishes))


def applications_of(member: RollEntry) -> QuerySet[ApplicationEntry]:
    """The applications by which a member joined, known by the same hashes: reports of members do not name them."""
    same = Q(pk=None)
    if member.id_number_hash:
        same |= Q(id_number_hash=member.id_number_hash)
    if member.phone_hash or member.email_hash:
        same |= Q(phone_hash=member.phone_hash, email_hash=member.email_hash)
    joined = ApplicationEntry.objects.filter(same, society=member.society, kind=member.kind, state="member")
    return joined.order_by("-submitted_at", "-id")


def fees(*, society: str = "", state: str = "", category: str = "") -> QuerySet[FeeEntry]:
    """Bills of all payees, the newest first."""
    wishes = {"society": society, "state": state, "category": category}
    return FeeEntry.objects.order_by("-opened_at", "-id").filter(**_given(wishes))


def known_length(measure: Measure, **wishes: str) -> int | None:
    """How long the list of a measure is with these filters; None where only counting tells. One query."""
    given = _given(wishes)
    facets = _CUTS[measure]
    if given.keys() - {"society", *facets}:
        return None
    sums = Rollup.objects.filter(measure=measure, month=None)
    if "society" in given:
        sums = sums.filter(society=given["society"])
    for place, facet in enumerate(facets):
        if value := given.get(facet):
            lookup, part = (("startswith", f"{value}|"), ("contains", f"|{value}|"), ("endswith", f"|{value}"))[place]
            sums = sums.filter(**{f"cut__{lookup}": part})
    return sums.aggregate(n=Sum("count"))["n"] or 0


def _given(wishes: dict[str, str]) -> dict[str, Any]:
    return {name: value.strip() for name, value in wishes.items() if value.strip()}
