"""Keyed hashes and seals of personal identifiers, all derived from the installation's field key."""

from functools import lru_cache
from typing import Literal

from django.conf import settings

from kit.contact import comparable_email
from kit.sealed import Sealer, derive_key, keyed_hash
from tenants.context import current

IdentifierKind = Literal["phone", "email", "id_number"]


def contact_hash(kind: IdentifierKind, normalised: str) -> str:
    """The 64 hex digits by which a normalised identifier compares across societies; nothing for nothing.

    The same in every society of the installation, and of no use to anyone without the field key.
    """
    if not normalised:
        return ""
    value = comparable_email(normalised) if kind == "email" else normalised
    return keyed_hash(kind, value, _key("contacts"))


def seal(text: str) -> str:
    """Encrypt for storage in the current society; it opens in no other."""
    return _sealer().seal(text, bound_to=current().schema_name)


def open_sealed(token: str) -> str:
    """Read what `seal` wrote in this society; raises `kit.sealed.SealBroken`."""
    return _sealer().open(token, bound_to=current().schema_name)


def reseal(token: str, *, written_in: str) -> str:
    """What was sealed in the society of another schema, sealed in this one."""
    return seal(_sealer().open(token, bound_to=written_in)) if token else token


def code_hash(purpose: str, contact: str, code: str) -> str:
    """What is kept of a one-time code: it fits one society, purpose and contact."""
    return keyed_hash("one-time code", f"{current().schema_name}\n{purpose}\n{contact}\n{code}", _key("codes"))


def attempt_key(kind: str, value: str) -> str:
    """The name under which attempts are counted, so that no list of names and addresses comes about."""
    return keyed_hash(kind, value, _key("attempts"))


def _sealer() -> Sealer:
    return Sealer(_key("sealed fields"))


def _key(purpose: str) -> bytes:
    return _derived(str(settings.FIELD_KEY), purpose)


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: str) -> bytes:
    return derive_key(secret, purpose)
