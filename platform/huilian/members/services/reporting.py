"""Telling headquarters of a member, with the least that its roll needs."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from federation.contracts import MemberReported
from federation.outbox import publish
from huilian.members.models import Member
from tenants.kinds import HEADQUARTERS_NUMBER


def report_member(member: Member) -> None:
    """Publish the member as it stands, in the transaction of the change, after its version rose."""
    publish(
        MemberReported(
            member_id=member.pk,
            number=member.number,
            kind=member.kind,
            category=member.category,
            state=member.state,
            member_name=member.name,
            sort_key=member.sort_key,
            channel=member.channel,
            referral_code=member.referral_code,
            phone_hash=member.phone_hash,
            email_hash=member.email_hash,
            id_number_hash=member.id_number_hash,
            joined_on=member.joined_on,
            from_on=member.from_on,
            to_on=member.to_on,
            row_version=member.version,
            changed_at=member.updated_at,
        ),
        to=HEADQUARTERS_NUMBER,
    )


@transaction.atomic
def replay(ids: Collection[UUID]) -> int:
    """Report these members again as they stand; returns how many of them are in our books."""
    members = list(Member.objects.filter(pk__in=ids).order_by("pk"))
    for member in members:
        report_member(member)
    return len(members)
