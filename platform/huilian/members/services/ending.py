"""How membership ends: by itself when the paid years are over, or by a decision."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from huilian.journal.actors import SYSTEM
from huilian.journal.services import record
from huilian.members.models import Member
from huilian.members.services.reporting import report_member
from kit.clean_text import clean_text
from kit.errors import Refusal

_TOGETHER = 100
_REASON_LENGTH = 1000


def lapse_due_members(on: date, at: datetime) -> int:
    """Let every member lapse whose `to_on` is reached (periods are half-open); returns how many did."""
    lapsed = 0
    while some := _lapse_some(on, at):
        lapsed += some
    return lapsed


@transaction.atomic
def _lapse_some(on: date, at: datetime) -> int:
    # Another worker at the same work takes others; a member who is just joining again is left alone.
    due = Member.objects.select_for_update(skip_locked=True).filter(state=Member.State.ACTIVE, to_on__lte=on)
    members = list(due.order_by("pk")[:_TOGETHER])
    keys = [member.pk for member in members]
    Member.objects.filter(pk__in=keys).update(state=Member.State.LAPSED, version=F("version") + 1, updated_at=at)
    for member in members:
        member.state, member.version, member.updated_at = Member.State.LAPSED, member.version + 1, at
        report_member(member)
    for member in members:
        record("member.lapsed", member, by=SYSTEM, at=at, number=member.number, to_on=member.to_on)
    return len(members)


@transaction.atomic
def end_member(member: Member, *, reason: str, by: str, at: datetime) -> Member:
    """End a membership by decision or by the member's own wish; number and years stay on record.

    Raises Refusal `reason_missing` or `member_ended` (status 409).
    """
    reason = clean_text(reason, max_length=_REASON_LENGTH, field="reason", multiline=True)
    if not reason:
        raise Refusal("reason_missing", _("Say why the membership ends."), field="reason")
    changed = (
        Member.objects.filter(pk=member.pk)
        .exclude(state=Member.State.ENDED)
        .update(state=Member.State.ENDED, version=F("version") + 1, updated_at=at)
    )
    member.refresh_from_db()
    if not changed:
        raise Refusal(
            "member_ended",
            _("The membership %(number)s has ended already."),
            status=409,
            number=member.number,
        )
    report_member(member)
    record("member.ended", member, by=by, at=at, reason=reason, number=member.number)
    return member
