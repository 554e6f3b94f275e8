"""A sign-in tells nobody which names exist, and slows down guessing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from huilian.accounts.models import SignInAttempt
from huilian.accounts.services import authenticate, close_account
from huilian.accounts.services.throttle import SIGN_IN_BY_ADDRESS, SIGN_IN_BY_NAME
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person
from tests.federation_fixture import Federation

ADDRESS = "192.0.2.7"


class CountingHasher(Argon2PasswordHasher):
    """Argon2 that counts how often it works."""

    work = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.work += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        CountingHasher.work += 1
        return super().verify(password, encoded)


def refused(identifier: str, password: str = "wrong password", at: Any = AT, address: str = ADDRESS) -> Refusal:
    with pytest.raises(Refusal) as caught:
        authenticate(identifier, password, address=address, at=at)
    return caught.value


@pytest.mark.parametrize("typed", ["13800138000", "+86 138 0013 8000", "Li@Example.org", "li＠example.org"])
def test_a_member_signs_in_by_phone_or_email_in_any_spelling(typed: str, in_welding: Society) -> None:
    li = person("Li", phone="13800138000", email="Li@example.org", password=PASSWORD)
    assert authenticate(typed, PASSWORD, address=ADDRESS, at=AT) == li
    assert SignInAttempt.objects.count() == 0


def test_unknown_wrong_closed_and_passwordless_are_refused_alike(in_welding: Society) -> None:
    person("Li", password=PASSWORD)
    close_account(person("Chen", password=PASSWORD), by="system", at=AT, reason="Left")
    person("Wang")
    refusals = [
        refused("li@example.org"),
        refused("nobody@example.org"),
        refused("chen@example.org", PASSWORD),
        refused("wang@example.org", ""),
        refused("not a name at all"),
        refused(""),
        refused("li@example.org", PASSWORD + "\x00"),
        refused("\x00", "\x00"),
        refused("li@example.org", "x" * 10_000),
        refused("x" * 10_000, "x"),
    ]
    assert {(each.code, str(each), each.field, each.status) for each in refusals} == {
        ("wrong_sign_in", "The name or the password is wrong.", None, 422)
    }


def test_a_password_is_not_cut_to_the_longest_one(in_welding: Society) -> None:
    longest = "long " * 51 + "x"
    li = person("Li", password=longest)
    assert authenticate("li@example.org", longest, address=ADDRESS, at=AT) == li
    assert refused("li@example.org", longest + "y").code == "wrong_sign_in"


def test_every_refusal_costs_one_hash(in_welding: Society, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    person("Li", password=PASSWORD)
    person("Wang")
    close_account(person("Chen", password=PASSWORD), by="system", at=AT, reason="Left")
    work = {}
    for name in ("li@example.org", "wang@example.org", "chen@example.org", "nobody@example.org", "nonsense"):
        CountingHasher.work = 0
        refused(name)
        work[name] = CountingHasher.work
    assert set(work.values()) == {1}, work


@pytest.mark.parametrize("name", ["li@example.org", "nobody@example.org", "nonsense"])
def test_after_ten_failures_a_name_must_wait_whether_it_exists_or_not(name: str, in_welding: Society) -> None:
    person("Li", password=PASSWORD)
    for _attempt in range(SIGN_IN_BY_NAME.most):
        assert refused(name).code == "wrong_sign_in"
    late = refused(name, PASSWORD, address="198.51.100.1")
    assert (late.code, late.status) == ("too_many_attempts", 429)
    assert str(late) == "Too many attempts. Please try again in 15 minutes."
    assert refused("wang@example.org").code == "wrong_sign_in"
    # Trying on does not lengthen the wait.
    for _attempt in range(SIGN_IN_BY_NAME.most + 2):
        assert refused(name, at=AT + timedelta(minutes=14)).code == "too_many_attempts"
    assert refused(name, at=AT + timedelta(minutes=15)).code == "wrong_sign_in"


def test_signing_in_forgives_the_failures_of_a_name(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    for _attempt in range(SIGN_IN_BY_NAME.most - 1):
        refused("li@example.org")
    assert authenticate("li@example.org", PASSWORD, address=ADDRESS, at=AT) == li
    assert refused("li@example.org").code == "wrong_sign_in"


def test_an_address_that_tries_many_names_must_wait(in_welding: Society, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for number in range(SIGN_IN_BY_ADDRESS.most):
        assert refused(f"name{number}@example.org").code == "wrong_sign_in"
    assert refused("another@example.org").code == "too_many_attempts"
    assert refused("another@example.org", address="198.51.100.1").code == "wrong_sign_in"


def test_no_name_and_no_address_can_be_read_from_the_attempts(in_welding: Society) -> None:
    refused("nobody@example.org")
    keys = list(SignInAttempt.objects.values_list("key", flat=True))
    assert [len(key) for key in keys] == [64, 64]
    assert not any("nobody" in key or ADDRESS in key for key in keys)


def test_a_password_of_one_society_is_worth_nothing_in_another(federation: Federation) -> None:
    with inside(federation.welding):
        li = person("Li", password=PASSWORD)
        assert authenticate("li@example.org", PASSWORD, address=ADDRESS, at=AT) == li
    with inside(federation.zhejiang):
        assert refused("li@example.org", PASSWORD).code == "wrong_sign_in"
