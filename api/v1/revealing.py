"""Identifiers of people: masked for whoever may not see them, and journalled for whoever does."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from django.db.models import Model

from api.v1.auth import allows
from huilian.accounts.contacts import read_contact
from huilian.accounts.hashing import open_sealed
from huilian.accounts.models import ApiToken
from huilian.applications.answers import EMAIL_FIELDS, PHONE_FIELDS
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.schemes.fields import restricted_codes
from kit.contact import mask_email, mask_phone
from kit.identity import mask_identity

SCOPE = "members:reveal"
_CONTACTS = frozenset(code for codes in (*PHONE_FIELDS.values(), *EMAIL_FIELDS.values()) for code in codes)
_HIDDEN = "***"


class Identified(Protocol):
    """A row of somebody who can be reached and told apart: a member or an application."""

    phone: str
    email: str
    id_number_sealed: str


def masked(row: Identified) -> dict[str, str]:
    """What may be shown to everyone who sees the row: enough to recognise, not to learn."""
    return {"phone": masked_phone(row.phone), "email": masked_email(row.email)}


def identifiers(row: Identified) -> dict[str, str]:
    """Phone, e-mail and identity number, masked."""
    number = open_sealed(row.id_number_sealed) if row.id_number_sealed else ""
    return {**masked(row), "id_number": mask_identity(number) if number else ""}


def revealed(row: Identified) -> dict[str, str]:
    """The same in full."""
    number = open_sealed(row.id_number_sealed) if row.id_number_sealed else ""
    return {"phone": row.phone, "email": row.email, "id_number": number}


def may_reveal(token: object) -> bool:
    return allows(token, SCOPE)


def note_reveal(row: Model, token: ApiToken, *, at: datetime) -> None:
    """Journal who looked; call it before the answer leaves."""
    verb = f"{row._meta.model_name}.revealed"
    record(verb, row, by=actor_of(token.user), at=at, token=token.pk)


def shown_answers(answers: Mapping[str, object], *, reveal: bool) -> dict[str, object]:
    """Answers of a form: contacts masked and sensitive ones left out, unless they may be revealed."""
    if reveal:
        return dict(answers)
    hidden: Collection[str] = restricted_codes(answers)
    kept = {code: answer for code, answer in answers.items() if code not in hidden}
    return {code: _HIDDEN if code in _CONTACTS and answer else answer for code, answer in kept.items()}


def masked_contact(text: str) -> str:
    """A phone or an e-mail as it was typed, masked."""
    contact = read_contact(text)
    return masked_email(contact.address) if contact.kind == "email" else masked_phone(contact.address)


def masked_phone(phone: str) -> str:
    return mask_phone(phone) if phone else ""


def masked_email(address: str) -> str:
    return mask_email(address) if address else ""
