"""A member is reached elsewhere from now on: the roll here and at headquarters follow the account."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from huilian.accounts.contacts import Contact
from huilian.journal.services import record
from huilian.members.models import Member, Representative
from huilian.members.services.reporting import report_member


def members_reached(user_id: int, kind: str, old: str) -> list[Member]:
    """The person, and the institutions written to by this contact of the user, locked for a change."""
    acting = Representative.objects.filter(user_id=user_id, to_on=None).values("member_id")
    reached = Q(user_id=user_id)
    if old:
        reached |= Q(pk__in=acting, **{f"{kind}__iexact": old})
    return list(Member.objects.select_for_update().filter(reached).order_by("pk"))


def move_contact(
    members: Sequence[Member], new: Contact, *, old: str, codes: Mapping[str, Sequence[str]], by: str, at: datetime
) -> None:
    """Take over a proven contact for members that are locked, and report them.

    `codes` names, for each kind of member, the answers of the profile that hold such a contact.
    """
    for member in members:
        for code in codes[member.kind]:
            answered = str(member.profile.get(code, ""))
            if answered.lower() == old.lower() if answered else member.kind == Member.Kind.PERSON:
                member.profile[code] = new.address
        setattr(member, new.kind, new.address)
        setattr(member, f"{new.kind}_hash", new.hash)
        member.version += 1
        member.updated_at = at
        member.save(update_fields=[new.kind, f"{new.kind}_hash", "profile", "version", "updated_at"])
        report_member(member)
        record("member.contact_changed", member, by=by, at=at, kind=new.kind)
