"""Offering an office by a secret link that works once."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import SocietyOpened
from huilian.accounts.contacts import email_contact, phone_contact
from huilian.accounts.models import Invitation, Role, RoleGrant, User
from huilian.accounts.queries import hash_of_secret, open_invitation, open_invitations
from huilian.accounts.rules import require
from huilian.accounts.services.opening import open_account
from huilian.accounts.services.roles import check_role, grant_role
from huilian.accounts.services.signing_in import authenticate
from huilian.journal.actors import actor_of, headquarters_actor
from huilian.journal.services import record
from huilian.notices.services import notify
from kit.errors import Refusal
from kit.names import clean_name
from tenants.context import current, url_of

LIFE = timedelta(days=7)
SECRET_BYTES = 32  # 256 bits, 43 characters


@transaction.atomic
def invite(
    role: Role | str,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    by: str,
    at: datetime,
    by_user: User | None = None,
    language: str = "zh-hans",
    reason: str = "",
) -> tuple[Invitation, str]:
    """Offer an office, and send the link; the secret in it is returned once and kept only as a digest."""
    if by_user is not None:
        require(by_user, "role.grant")
    role = check_role(role)
    if not phone and not email:
        raise Refusal("contact_missing", _("Please give a phone number or an e-mail address."), field="contact")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        token_hash=hash_of_secret(secret),
        role=role,
        name=clean_name(name),
        phone=phone_contact(phone).value if phone else "",
        email=email_contact(email).value if email else "",
        invited_by=by_user,
        invited_at=at,
        expires_at=at + LIFE,
    )
    notify(
        "account.invited",
        to_phone=invitation.phone,
        to_email=email_contact(email).address if email else "",
        language=language,
        at=at,
        name=invitation.name,
        role=role.label,
        link=url_of(current(), f"/invitation/{secret}/"),
        expires_on=invitation.expires_at,
    )
    record("invitation.made", invitation, by=by, at=at, reason=reason, role=role)
    return invitation, secret


def accept_invitation(
    secret: str, *, password: str, at: datetime, address: str = "", language: str = "zh-hans"
) -> User:
    """Take up an invitation: a new account gets this password, an existing one must prove itself by it.

    Refusal `invitation_invalid` (404) alike for unknown, used, revoked and expired links.
    """
    found = open_invitation(secret, at=at)
    if found is None:
        raise _invalid()
    invitation, account = found.invitation, found.account
    if account is not None:
        # Outside the transaction: a wrong password must be counted.
        authenticate(account.email or account.phone or "", password, address=address, at=at)
    with transaction.atomic():
        taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=at)
        if not taken.update(accepted_at=at):
            raise _invalid()
        user = account or open_account(
            name=invitation.name,
            phone=invitation.phone,
            email=invitation.email,
            password=password,
            language=language,
            at=at,
        )
        grant = grant_role(user, invitation.role, by=actor_of(user), at=at, reason=f"invitation {invitation.pk}")
        RoleGrant.objects.filter(pk=grant.pk).update(granted_by=invitation.invited_by)
        record("invitation.accepted", invitation, by=actor_of(user), at=at)
    return user


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: str, at: datetime, by_user: User | None = None) -> None:
    """Make a link worthless before anyone took it up."""
    if by_user is not None:
        require(by_user, "role.grant")
    open_one = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not open_one.update(revoked_at=at):
        raise Refusal("invitation_settled", _("This invitation was taken up or revoked already."), status=409)
    record("invitation.revoked", invitation, by=by, at=at)


def receive_opening(message: SocietyOpened, at: datetime) -> None:
    """Reaction to `society.opened`: invite the first administrator, once."""
    if RoleGrant.objects.filter(role=Role.OWNER).exists() or open_invitations(at=at).filter(role=Role.OWNER).exists():
        return
    invite(
        Role.OWNER,
        name=message.owner_name,
        phone=message.owner_phone,
        email=message.owner_email,
        by=headquarters_actor("society.opened"),
        at=at,
        reason=message.reason,
    )


def _invalid() -> Refusal:
    return Refusal(
        "invitation_invalid",
        _("This invitation is not valid any more. Please ask for a new one."),
        status=404,
    )
