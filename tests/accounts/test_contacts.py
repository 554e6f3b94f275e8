"""Whatever a person typed is one phone or one e-mail."""

import pytest

from huilian.accounts.contacts import read_contact
from huilian.accounts.hashing import contact_hash
from kit.errors import Refusal


@pytest.mark.parametrize("typed", ["13800138000", "+86 138 0013 8000", "0086-13800138000", "１３８００１３８０００"])
def test_a_phone_has_one_form(typed: str) -> None:
    contact = read_contact(typed)
    assert (contact.kind, contact.value) == ("phone", "+8613800138000")
    assert (contact.to_phone, contact.to_email) == ("+8613800138000", "")


@pytest.mark.parametrize("typed", ["Li@Example.ORG", " Li@example.org ", "Li＠example.org"])
def test_an_email_is_compared_in_small_letters_and_written_to_as_typed(typed: str) -> None:
    contact = read_contact(typed)
    assert (contact.kind, contact.value) == ("email", "li@example.org")
    assert (contact.to_phone, contact.to_email) == ("", "Li@example.org")
    assert contact.hash == contact_hash("email", "li@example.org")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_invalid"),
        ("123", "phone_invalid"),
        ("li@", "email_invalid"),
        ("\x00@x.org", "email_invalid"),
    ],
)
def test_anything_else_is_refused_for_the_one_field_of_the_form(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_contact(typed)
    assert (refused.value.code, refused.value.field) == (code, "contact")
