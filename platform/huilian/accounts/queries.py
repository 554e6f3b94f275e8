"""Questions about users, the offices they hold, and their keys."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from huilian.accounts.contacts import Contact
from huilian.accounts.models import ApiToken, Invitation, Role, RoleGrant, User
from tenants.context import current

# A user read for one request remembers its roles for as long; every other instance asks anew.
ROLES_MEMO = "_roles_of_this_request"


def local_day(at: datetime) -> date:
    """The date on the wall of the current society."""
    return at.astimezone(ZoneInfo(current().time_zone)).date()


def in_force(on: date) -> Q:
    """Grants that hold on a day: from the first day on, up to but without the last."""
    return Q(from_on__lte=on) & (Q(to_on=None) | Q(to_on__gt=on))


def roles_of(user: User, *, on: date) -> frozenset[Role]:
    """The offices that a user holds on a day; an inactive user holds none."""
    if not user.is_active:
        return frozenset()
    memo: dict[date, frozenset[Role]] | None = getattr(user, ROLES_MEMO, None)
    if memo is not None and on in memo:
        return memo[on]
    held = RoleGrant.objects.filter(in_force(on), user_id=user.pk).values_list("role", flat=True)
    roles = frozenset(Role(role) for role in held)
    if memo is not None:
        memo[on] = roles
    return roles


def users_with_role(role: Role, *, on: date) -> QuerySet[User]:
    """Active users who hold an office on a day, by name."""
    grants = RoleGrant.objects.filter(in_force(on), role=role).values("user_id")
    return User.objects.filter(pk__in=grants, is_active=True).order_by("name", "pk")


def staff_grants(*, on: date) -> QuerySet[RoleGrant]:
    """Offices that hold on a day or will, with their holders, for the page of roles."""
    coming = Q(to_on=None) | Q(to_on__gt=on)
    return RoleGrant.objects.filter(coming).select_related("user", "granted_by").order_by("role", "user__name", "pk")


def user_of_contact(contact: Contact) -> User | None:
    """The account that signs in by this phone or e-mail."""
    if contact.kind == "email":
        return User.objects.filter(email=contact.value).first()
    return User.objects.filter(phone=contact.value).first()


def hash_of_secret(secret: str) -> str:
    """What is kept of a long random secret; a plain digest is enough for what cannot be guessed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can still be taken up; with an account, by that account's password."""

    invitation: Invitation
    account: User | None


def open_invitation(secret: str, *, at: datetime) -> OpenInvitation | None:
    """What a link offers, or None if it is unknown, used, revoked or too old."""
    found = Invitation.objects.filter(
        token_hash=hash_of_secret(secret), accepted_at=None, revoked_at=None, expires_at__gt=at
    ).first()
    return OpenInvitation(found, _account_of(found)) if found else None


def _account_of(invitation: Invitation) -> User | None:
    contact = Q()
    if invitation.phone:
        contact |= Q(phone=invitation.phone)
    if invitation.email:
        contact |= Q(email=invitation.email)
    return User.objects.filter(contact).order_by("pk").first()


def open_invitations(*, at: datetime) -> QuerySet[Invitation]:
    """Invitations that nobody has taken up yet, the newest first."""
    still_open = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    return still_open.order_by("-invited_at", "-pk")


def live_tokens(*, at: datetime) -> QuerySet[ApiToken]:
    """Tokens that work, with their users, the newest first."""
    working = ApiToken.objects.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)
    return working.select_related("user").order_by("-created_at", "-pk")
