"""A phone number or an e-mail address, whichever a person typed."""

from dataclasses import dataclass
from typing import Literal

from huilian.accounts.hashing import contact_hash
from kit.contact import comparable_email, normalise_email, normalise_phone


@dataclass(frozen=True, slots=True)
class Contact:
    """`value` is stored and compared; `address` is written to, and there an e-mail keeps its capitals."""

    kind: Literal["phone", "email"]
    value: str
    address: str

    @property
    def hash(self) -> str:
        return contact_hash(self.kind, self.value)

    @property
    def to_phone(self) -> str:
        return self.address if self.kind == "phone" else ""

    @property
    def to_email(self) -> str:
        return self.address if self.kind == "email" else ""


def read_contact(text: str, *, field: str = "contact") -> Contact:
    """Take it as an e-mail if it has an @, else as a phone; Refusal `email_invalid` or `phone_invalid`."""
    if "@" in text or "＠" in text:
        return email_contact(text, field=field)
    return phone_contact(text, field=field)


def phone_contact(text: str, *, field: str = "phone") -> Contact:
    number = normalise_phone(text, field=field)
    return Contact("phone", number, number)


def email_contact(text: str, *, field: str = "email") -> Contact:
    address = normalise_email(text, field=field)
    return Contact("email", comparable_email(address), address)
