"""Appointing people to offices, ending them, and entrusting single codes."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.queries import ROLES_MEMO, in_force, local_day, roles_of
from huilian.accounts.rules import HEADQUARTERS_ROLES, MANAGE_CODE, require
from huilian.accounts.services.owners import check_an_owner_remains
from huilian.journal.services import record
from kit.errors import Refusal
from referrals.models import ReferralCode
from tenants.context import law


@transaction.atomic
def grant_role(
    user: User,
    role: Role | str,
    *,
    by: str,
    at: datetime,
    by_user: User | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Appoint `user` to an office from a day (today) on, up to but without `to_on`.

    `by_user` is the member of staff who does it and must be allowed to; without one, `by` is the system.
    """
    if by_user is not None:
        require(by_user, "role.grant")
    role = check_role(role)
    first = from_on or local_day(at)
    if to_on is not None and to_on <= first:
        raise Refusal("role_dates", _("An office ends after the day on which it begins."), field="to_on")
    if not user.is_active:
        raise Refusal("account_closed", _("This account is closed already."), status=409)
    if RoleGrant.objects.filter(in_force(first), user=user, role=role).exists():
        raise _already_held()
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, from_on=first, to_on=to_on, granted_by=by_user)
    except IntegrityError:
        raise _already_held() from None
    _set_staff(user, is_staff=True)
    record("role.granted", user, by=by, at=at, reason=reason, role=role, from_on=first, to_on=to_on)
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by: str, at: datetime, by_user: User | None = None, reason: str = "") -> None:
    """End an office today; Refusal `last_owner`, or `role_ended` if it has ended already."""
    if by_user is not None:
        require(by_user, "role.grant")
    today = local_day(at)
    if grant.role == Role.OWNER:
        check_an_owner_remains(without=grant.user, at=at)
    ended = RoleGrant.objects.filter(pk=grant.pk).exclude(to_on__lte=today).update(to_on=today)
    if not ended:
        raise Refusal("role_ended", _("This office has ended already."), status=409)
    grant.to_on = today
    still = RoleGrant.objects.filter(user=grant.user).exclude(to_on__lte=today).exists()
    _set_staff(grant.user, is_staff=still)
    record("role.ended", grant.user, by=by, at=at, reason=reason, role=grant.role, to_on=today)


@transaction.atomic
def entrust_code(user: User, code: ReferralCode, *, by: str, at: datetime, by_user: User | None = None) -> None:
    """Let a promoter see and revoke this one code; entrusted twice, it stays entrusted."""
    if by_user is not None:
        require(by_user, "role.grant")
    if Role.PROMOTER not in roles_of(user, on=local_day(at)):
        raise Refusal("not_a_promoter", _("Only a promoter can be entrusted with a code."), field="user")
    assign_perm(f"referrals.{MANAGE_CODE}", user, code)
    record("code.entrusted", code, by=by, at=at, user=user.pk)


@transaction.atomic
def withdraw_code(user: User, code: ReferralCode, *, by: str, at: datetime, by_user: User | None = None) -> None:
    """Take a code out of a promoter's hands again."""
    if by_user is not None:
        require(by_user, "role.grant")
    remove_perm(f"referrals.{MANAGE_CODE}", user, code)
    record("code.withdrawn", code, by=by, at=at, user=user.pk)


def check_role(role: Role | str) -> Role:
    """The role, if this kind of society has it; Refusal `unknown_role` or `role_not_here`."""
    try:
        known = Role(role)
    except ValueError:
        raise Refusal("unknown_role", _("There is no such role."), field="role") from None
    if known in HEADQUARTERS_ROLES and not law().aggregates:
        raise Refusal("role_not_here", _("This role exists at headquarters only."), field="role")
    return known


def _set_staff(user: User, *, is_staff: bool) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=is_staff)
    user.is_staff = is_staff
    if hasattr(user, ROLES_MEMO):
        setattr(user, ROLES_MEMO, {})


def _already_held() -> Refusal:
    return Refusal("role_held", _("This person holds the office already."), field="role", status=409)
