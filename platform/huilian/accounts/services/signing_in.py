"""Proving who one is by name and password, without telling anyone which names exist."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from huilian.accounts.contacts import Contact, read_contact
from huilian.accounts.models import User
from huilian.accounts.queries import user_of_contact
from huilian.accounts.services.throttle import SIGN_IN_BY_ADDRESS, SIGN_IN_BY_NAME, Attempt
from kit.errors import Refusal

LONGEST_PASSWORD = 256
LONGEST_NAME = 254


def authenticate(identifier: str, password: str, *, address: str, at: datetime) -> User:
    """Return the active user of this phone or e-mail and password.

    Refusal `wrong_sign_in` alike for an unknown name, a wrong password and an account that is closed, after
    the same work; `too_many_attempts` (429) alike for known and unknown names. Not to be called inside a
    transaction that a refusal rolls back: the attempt would not count.
    """
    contact = _contact_of(identifier)
    name = contact.value if contact else identifier.strip().lower()[:LONGEST_NAME]
    attempt = Attempt(at, (SIGN_IN_BY_NAME, name), (SIGN_IN_BY_ADDRESS, address))
    user = user_of_contact(contact) if contact else None
    if not _fits(user, password) or user is None or not user.is_active:
        raise Refusal("wrong_sign_in", _("The name or the password is wrong."))
    attempt.take_back()
    attempt.forgive(SIGN_IN_BY_NAME, name)
    return user


def _contact_of(identifier: str) -> Contact | None:
    try:
        return read_contact(identifier)
    except Refusal:
        return None


def _fits(user: User | None, password: str) -> bool:
    """Compare by hashing once, also where there is nobody to compare with."""
    password, too_long = password[:LONGEST_PASSWORD], len(password) > LONGEST_PASSWORD
    if user is None:
        make_password(password)
        return False
    return user.check_password(password) and not too_long
