"""Another phone or e-mail to sign in by: asked for with the password, proven by a code, told to the old ones."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import AccountRenamed
from federation.outbox import publish
from huilian.accounts.contacts import Contact, read_contact
from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import User
from huilian.accounts.services.codes import check_code, send_code
from huilian.accounts.services.passwords import confirm_password
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.notices.services import notify
from kit.contact import mask_email, mask_phone
from kit.errors import Refusal
from tenants.kinds import HEADQUARTERS_NUMBER


@dataclass(frozen=True, slots=True)
class Renaming:
    """What changed: the contact that holds now, and the one of the same kind before it, or nothing."""

    new: Contact
    old: str


def ask_new_contact(user: User, contact: str, *, password: str, address: str, at: datetime, language: str) -> Contact:
    """Send a code to the contact that is to be signed in by, for someone who knows the password.

    It never looks whether somebody else signs in by it: the answer is the same. Refusals `contact_same`,
    `wrong_password`, and those of `send_code`.
    """
    new = read_contact(contact)
    if new.value == _held(user, new.kind):
        raise Refusal("contact_same", _("You sign in by this already."), field="contact")
    if not user.has_usable_password():
        raise Refusal("password_missing", _("Please set a password first."), field="password", status=409)
    confirm_password(user, password, address=address, at=at)
    send_code(contact, purpose=_purpose(user), at=at, language=language, address=address)
    return new


def prove_new_contact(user: User, contact: str, code: str, *, at: datetime) -> Contact:
    """Take the code that `ask_new_contact` sent for this user; refusals of `check_code`.

    Not to be called inside a transaction that a refusal rolls back: the attempt would not count.
    """
    check_code(contact, code, purpose=_purpose(user), at=at)
    return read_contact(contact)


@transaction.atomic
def change_contact(user: User, new: Contact, *, at: datetime) -> Renaming:
    """Sign in by a proven contact from now on, and by the one it replaces no longer; all old ones are told.

    Refusal `contact_taken` (409), as when an account is opened: only who reads its messages gets that far.
    """
    now = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    old, known_phone, known_email = _held(now, new.kind), now.phone or "", now.email or ""
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(**{new.kind: new.value})
    except IntegrityError as error:
        if "accounts_user" not in str(error):
            raise
        raise Refusal(
            "contact_taken",
            _("Somebody signs in by this already. Please use another one."),
            field="contact",
            status=409,
        ) from None
    setattr(user, new.kind, new.value)
    notify(
        "account.contact_changed",
        to_phone=known_phone,
        to_email=known_email,
        language=user.language,
        at=at,
        name=user.name,
        contact=mask_phone(new.value) if new.kind == "phone" else mask_email(new.value),
        changed_at=at,
    )
    gone = (contact_hash(new.kind, old),) if old else ()
    publish(AccountRenamed(gone_hashes=gone, name_hashes=(new.hash,)), to=HEADQUARTERS_NUMBER)
    record("account.renamed", user, by=actor_of(user), at=at, kind=new.kind, replaced=bool(old))
    return Renaming(new, old)


def _held(user: User, kind: str) -> str:
    return (user.phone if kind == "phone" else user.email) or ""


def _purpose(user: User) -> str:
    # A code that one person asked for is worth nothing in another's hands.
    return f"contact:{user.pk}"[:20]
