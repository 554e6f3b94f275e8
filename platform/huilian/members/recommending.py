"""A member, seen as someone who recommends: by own code, or by name and number."""

from datetime import date
from typing import Protocol
from uuid import UUID

from django.utils.translation import get_language

from huilian.members.models import Member
from huilian.members.queries import find_member
from huilian.schemes.document import Scheme
from kit.errors import Refusal
from kit.names import clean_name
from referrals.facts import Identity, Recommender
from tenants.context import current


class Standing(Protocol):
    """A row that tells of a member: here, or on headquarters' roll."""

    number: str
    name: str
    kind: str
    category: str
    state: str
    from_on: date
    to_on: date | None
    phone_hash: str
    email_hash: str
    id_number_hash: str


def recommender_from(row: Standing, scheme: Scheme, *, society: str) -> Recommender:
    """The facts that `referrals.rules.check_recommender` weighs; a category no longer known has no rank."""
    category = next((each for each in scheme.categories if each.code == row.category), None)
    return Recommender(
        society=society,
        name=row.name,
        kind=row.kind,
        category=row.category,
        category_name=category.name.in_language(get_language() or "zh") if category else row.category,
        rank=category.rank if category else None,
        from_on=row.from_on,
        to_on=row.to_on,
        ended=row.state == Member.State.ENDED,
        identity=Identity(
            number=row.number,
            phone_hash=row.phone_hash,
            email_hash=row.email_hash,
            id_number_hash=row.id_number_hash,
        ),
    )


def recommender_with_code(member_id: UUID, scheme: Scheme) -> Recommender | None:
    """The member of this society whose own code was used."""
    member = Member.objects.filter(pk=member_id).first()
    return recommender_from(member, scheme, society=current().number) if member else None


def recommender_named(number: str, name: str, scheme: Scheme) -> Recommender | None:
    """The member of this society who has both this number and this name."""
    member = find_member(number)
    if member is None or not is_same_name(member.name, name):
        return None
    return recommender_from(member, scheme, society=current().number)


def is_same_name(known: str, typed: str) -> bool:
    """Whether a name was typed rightly: spaces and capitals do not count."""
    try:
        return _folded(clean_name(typed)) == _folded(known)
    except Refusal:
        return False


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()
