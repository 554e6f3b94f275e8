"""Setting, changing and recovering a password."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huilian.accounts.contacts import read_contact
from huilian.accounts.models import User
from huilian.accounts.queries import user_of_contact
from huilian.accounts.services.codes import check_code
from huilian.accounts.services.signing_in import LONGEST_PASSWORD, authenticate
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from kit.errors import Refusal

RESET = "reset"


def check_password_strength(password: str, *, user: User | None = None) -> None:
    """Refuse a password that is too short, too long or too common: `password_weak`, for field `password`."""
    if len(password) > LONGEST_PASSWORD:
        raise Refusal(
            "password_weak",
            _("A password has at most %(most)s characters."),
            field="password",
            most=LONGEST_PASSWORD,
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        sentences = " ".join(_said(each) for each in error.error_list)
        raise Refusal("password_weak", sentences, field="password") from None


def _said(error: ValidationError) -> str:
    """What Django says of a password; its newest sentence is not in Chinese yet, so it is said here."""
    if error.code == "password_too_short" and error.params:
        return gettext("A password has at least %(least)s characters.") % {"least": error.params["min_length"]}
    return " ".join(error.messages)


@transaction.atomic
def set_password(user: User, password: str, *, at: datetime) -> None:
    """Give the user a new password, and end every session that was opened with the old one."""
    check_password_strength(password, user=user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("password.set", user, by=actor_of(user), at=at)


def change_password(user: User, *, old: str, new: str, address: str, at: datetime) -> None:
    """Set a new password for someone who knows the old one; guesses count as attempts to sign in."""
    confirm_password(user, old, address=address, at=at, field="old")
    set_password(user, new, at=at)


def confirm_password(user: User, password: str, *, address: str, at: datetime, field: str = "password") -> None:
    """Make sure that it is still the user who sits there; Refusal `wrong_password`, or `too_many_attempts`."""
    try:
        authenticate(user.email or user.phone or "", password, address=address, at=at)
    except Refusal as refusal:
        if refusal.code == "wrong_sign_in":
            raise Refusal("wrong_password", _("The present password is wrong."), field=field) from None
        raise


def reset_password(contact: str, code: str, password: str, *, at: datetime) -> User:
    """Set a new password for whoever proves by a code (purpose `reset`) to be reached at `contact`."""
    who = read_contact(contact)
    check_password_strength(password)  # before the code is spent
    check_code(contact, code, purpose=RESET, at=at)
    user = user_of_contact(who)
    if user is None or not user.is_active:
        raise Refusal("no_account", _("Nobody signs in here by this phone or e-mail."), field="contact")
    set_password(user, password, at=at)
    return user
