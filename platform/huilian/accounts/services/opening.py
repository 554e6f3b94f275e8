"""Opening and closing accounts."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import AccountOpened
from federation.outbox import publish
from huilian.accounts.contacts import email_contact, phone_contact
from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.accounts.services.owners import check_an_owner_remains
from huilian.accounts.services.passwords import check_password_strength
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from kit.errors import Refusal
from kit.names import clean_name
from tenants.kinds import HEADQUARTERS_NUMBER


def open_account(
    *, name: str, phone: str = "", email: str = "", password: str | None = None, language: str, at: datetime
) -> User:
    """Open an account and tell headquarters by hashes where it lives.

    Without a password it is entered by way of `reset_password`. Call it for a contact that is proven, since
    Refusal `contact_taken` tells that somebody signs in by it already.
    """
    contacts = [read(typed) for read, typed in ((phone_contact, phone), (email_contact, email)) if typed]
    if not contacts:
        raise Refusal("contact_missing", _("Please give a phone number or an e-mail address."), field="contact")
    values = {contact.kind: contact.value for contact in contacts}
    user = User(
        name=clean_name(name),
        phone=values.get("phone"),
        email=values.get("email"),
        language=known_language(language),
        joined_at=at,
    )
    if password is not None:
        check_password_strength(password, user=user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            publish(AccountOpened(name_hashes=tuple(each.hash for each in contacts)), to=HEADQUARTERS_NUMBER)
            record("account.opened", user, by=actor_of(user), at=at)
    except IntegrityError as error:
        if "accounts_user" not in str(error):
            raise
        field = "email" if "email" in str(error).partition("\n")[0] else "phone"
        raise Refusal(
            "contact_taken",
            _("Somebody signs in by this already. Please sign in instead."),
            field=field,
            status=409,
        ) from None
    return user


@transaction.atomic
def close_account(user: User, *, by: str, at: datetime, reason: str, by_user: User | None = None) -> None:
    """Let the user sign in no more: sessions and tokens end at once; what they did stays theirs."""
    if by_user is not None:
        require(by_user, "role.grant")
    check_an_owner_remains(without=user, at=at)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise Refusal("account_closed", _("This account is closed already."), status=409)
    user.is_active = False
    record("account.closed", user, by=by, at=at, reason=reason)


def set_language(user: User, language: str) -> None:
    """Remember in which of the two languages the user reads."""
    user.language = known_language(language)
    User.objects.filter(pk=user.pk).update(language=user.language)


def known_language(language: str) -> str:
    """One of the two languages of the house; anything unknown is read as Chinese."""
    return "en" if language.lower().replace("_", "-").split("-")[0] == "en" else "zh-hans"
