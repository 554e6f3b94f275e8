"""Referral codes in the hands of staff: who may, what is done, and the journal's line about it.

The manual's path is: search a member, then generate a referral code, either that member's own or the society's.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.members.models import Member
from kit.errors import Refusal
from referrals import services
from referrals.models import ReferralCode
from referrals.queries import live_code_of


@transaction.atomic
def mint_campaign_code(
    *,
    label: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    max_uses: int | None = None,
    by_user: User,
    at: datetime,
) -> ReferralCode:
    """Mint a code of the society for one campaign; refusals as in `referrals.services.mint_society_code`."""
    require(by_user, "code.mint")
    by = actor_of(by_user)
    code = services.mint_society_code(
        label=label, valid_from=valid_from, valid_to=valid_to, max_uses=max_uses, by=by, by_user=by_user, at=at
    )
    record(
        "code.minted",
        code,
        by=by,
        at=at,
        code=code.code,
        label=code.label,
        valid_from=valid_from,
        valid_to=valid_to,
        max_uses=max_uses,
    )
    return code


@transaction.atomic
def mint_code_of_member(member: Member, *, by_user: User, at: datetime) -> ReferralCode:
    """The member's own code, minted if there is none; Refusal `member_ended` for one who is no longer a member."""
    require(by_user, "code.mint")
    if member.state == Member.State.ENDED:
        raise Refusal(
            "member_ended",
            _("The membership %(number)s has ended: it cannot recommend any more."),
            status=409,
            number=member.number,
        )
    known = live_code_of(member.pk)
    if known is not None:
        return known
    kind = "institution" if member.kind == Member.Kind.INSTITUTION else "member"
    code = services.mint_member_code(member.pk, kind, at=at)
    record("code.minted", code, by=actor_of(by_user), at=at, code=code.code, member=member.number)
    return code


@transaction.atomic
def replace_code_of_member(member: Member, *, reason: str, by_user: User, at: datetime) -> ReferralCode:
    """Withdraw a member's own code, which got into wrong hands, and mint another."""
    known = live_code_of(member.pk)
    if known is not None:
        revoke_code(known, reason=reason, by_user=by_user, at=at)
    return mint_code_of_member(member, by_user=by_user, at=at)


@transaction.atomic
def revoke_code(code: ReferralCode, *, reason: str, by_user: User, at: datetime) -> ReferralCode:
    """Withdraw a code for good: any of the society's, or by a promoter one that was entrusted to them.

    Raises Refusal `forbidden` (403), `reason_missing` or `code_already_revoked` (409).
    """
    require(by_user, "code.revoke", code)
    by = actor_of(by_user)
    services.revoke_code(code, reason=reason, by=by, at=at)
    record("code.revoked", code, by=by, at=at, reason=code.revoke_reason, code=code.code)
    return code
