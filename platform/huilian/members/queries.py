"""Questions about members: who they are, whether they stand, and how to find them."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value

from huilian.accounts.hashing import contact_hash
from huilian.members.models import Consent, EntitlementYear, Member, Representative
from kit.clean_text import clean_text, compact
from kit.contact import normalise_email, normalise_phone
from kit.errors import Refusal

_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFilters:
    """What narrows a search; nothing given means all."""

    kind: str = ""
    category: str = ""
    state: str = ""
    channel: str = ""
    referral_code: str = ""
    standing_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    kind: str
    category: str
    state: str
    count: int


def standing_of(member: Member, on: date) -> bool:
    """Whether the member stands on a day; asks the database only about days before the present period."""
    if member.from_on <= on:
        return member.state != Member.State.ENDED and (member.to_on is None or on < member.to_on)
    return EntitlementYear.objects.filter(in_force(on), member=member).exists()


def in_force(on: date) -> Q:
    """Periods that hold on a day: from the first day on, up to but without the last."""
    return Q(from_on__lte=on) & (Q(to_on=None) | Q(to_on__gt=on))


def find_member(number: str) -> Member | None:
    """The member of this society with this number, as people type it."""
    return Member.objects.filter(number=compact(number[:_LONGEST_SEARCH]).upper()).first()


def member_of_user(user_id: int) -> Member | None:
    """The member a user is, or else the institution that the user represents today or did last."""
    represented = Representative.objects.filter(user_id=user_id).values("member_id")
    found = Member.objects.filter(Q(user_id=user_id) | Q(pk__in=represented))
    return found.order_by("-kind", "-joined_on", "number").first()  # "person" sorts after "institution"


def search_members(text: str = "", filters: MemberFilters | None = None) -> QuerySet[Member]:
    """Members by number, name, sound of the name (lisi, ls), phone or e-mail, by the sound of their names.

    Raises Refusal `text_unreadable` or `text_too_long`, for field `text`.
    """
    found = Member.objects.order_by("sort_key", "number")
    wanted = clean_text(text, max_length=_LONGEST_SEARCH, field="text")
    if wanted:
        found = found.filter(_matching(wanted))
    return _narrowed(found, filters) if filters is not None else found


def _matching(wanted: str) -> Q:
    matching = Q(name__icontains=wanted)
    if number := compact(wanted):
        matching |= Q(number__istartswith=number)
    sound = "".join(wanted.lower().split())
    if re.fullmatch(r"[a-z0-9]{1,40}", sound):
        matching |= Q(sort_key__regex=_sounds_like(sound))
    for kind, normalise in (("phone", normalise_phone), ("email", normalise_email)):
        try:
            matching |= Q(**{f"{kind}_hash": contact_hash(kind, normalise(wanted))})  # type: ignore[arg-type]
        except Refusal:
            continue
    return matching


def _sounds_like(sound: str) -> str:
    """A pattern for `li3 si4`: found by lisi or li si, and by its initials ls."""
    run = "".join(rf"{symbol}[1-5]? ?" for symbol in sound)
    initials = " ".join(rf"{symbol}[a-z]*[1-5]?" for symbol in sound)
    return rf"\m({run}|{initials})"


def _narrowed(found: QuerySet[Member], filters: MemberFilters) -> QuerySet[Member]:
    equal = {
        name: value
        for name in ("kind", "category", "state", "channel", "referral_code")
        if (value := getattr(filters, name))
    }
    found = found.filter(**equal)
    if filters.standing_on is not None:
        found = found.filter(in_force(filters.standing_on)).exclude(state=Member.State.ENDED)
    return found


def tally() -> list[Tally]:
    """How many members there are of each kind, category and state."""
    rows = Member.objects.order_by("kind", "category", "state").values_list("kind", "category", "state")
    return [Tally(*row) for row in rows.annotate(count=Count("pk"))]


def consents_of(subject_id: UUID) -> dict[str, Consent]:
    """The latest act of consent per purpose, given or withdrawn."""
    acts = Consent.objects.filter(subject_id=subject_id).order_by("purpose", "-at", "-pk").distinct("purpose")
    return {act.purpose: act for act in acts}


def statement_rows() -> QuerySet[Member, tuple[UUID, int, str, int]]:
    """`(id, version, state, amount)` of every member, for the comparison with headquarters' roll."""
    return Member.objects.order_by().values_list("id", "version", "state", Value(0))
