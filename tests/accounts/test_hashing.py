"""Identifiers compare across societies without being readable, and seals open at home only."""

import pytest

from huilian.accounts.hashing import attempt_key, code_hash, contact_hash, open_sealed, seal
from kit.sealed import SealBroken
from tenants.context import inside
from tenants.models import Society


def test_the_same_contact_has_the_same_hash_in_every_society(welding: Society, zhejiang: Society) -> None:
    with inside(welding):
        there = contact_hash("phone", "+8613800000000")
    with inside(zhejiang):
        here = contact_hash("phone", "+8613800000000")
    assert here == there
    assert len(here) == 64
    assert "138" not in here


def test_an_email_hashes_alike_in_any_capitals_and_unlike_any_other_kind() -> None:
    assert contact_hash("email", "Li@example.org") == contact_hash("email", "li@example.org")
    assert contact_hash("email", "li@example.org") != contact_hash("email", "li@example.com")
    assert contact_hash("phone", "1") != contact_hash("id_number", "1") != attempt_key("phone", "1")


def test_nothing_has_no_hash_so_that_no_two_are_alike_for_lack_of_a_phone() -> None:
    assert contact_hash("phone", "") == ""


def test_the_hash_depends_on_the_key(settings: object) -> None:
    before = contact_hash("phone", "+8613800000000")
    settings.FIELD_KEY = "another key that is long enough to be one"  # type: ignore[attr-defined]
    assert contact_hash("phone", "+8613800000000") != before


def test_a_seal_opens_at_home_only(welding: Society, zhejiang: Society) -> None:
    with inside(welding):
        token = seal("11010519491231002X")
        assert "1101" not in token
        assert seal("11010519491231002X") != token
        assert open_sealed(token) == "11010519491231002X"
    with inside(zhejiang), pytest.raises(SealBroken):
        open_sealed(token)


def test_the_hash_of_a_code_fits_one_society_purpose_contact_and_code(welding: Society, zhejiang: Society) -> None:
    with inside(welding):
        kept = code_hash("apply", "li@example.org", "123456")
        others = {
            code_hash("reset", "li@example.org", "123456"),
            code_hash("apply", "wang@example.org", "123456"),
            code_hash("apply", "li@example.org", "123457"),
        }
    with inside(zhejiang):
        others.add(code_hash("apply", "li@example.org", "123456"))
    assert kept not in others
    assert len(others) == 4
