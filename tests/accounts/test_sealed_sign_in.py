"""Headquarters' sign-in page seals every name alike and hands it to the society that knows it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from federation.ledger.models import SignInName
from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import SignInAttempt
from huilian.accounts.sealed_sign_in import open_sealed_sign_in, seal_sign_in
from huilian.accounts.services.throttle import SEAL_BY_ADDRESS
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person
from tests.federation_fixture import Federation

ADDRESS = "192.0.2.7"


def refusal(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


def test_a_member_of_welding_signs_in_at_headquarters(federation: Federation) -> None:
    with inside(federation.welding):
        li = person("Li", phone="13800138000", password=PASSWORD)
    federation.settle()
    with inside(federation.hq):
        sealed = seal_sign_in("138 0013 8000", PASSWORD, address=ADDRESS, at=AT)
    assert sealed.society.number == "101"
    assert sealed.url == "http://welding.localhost:8000/sign-in/sealed/"
    assert PASSWORD not in sealed.ticket and "13800138000" not in sealed.ticket
    with inside(federation.welding):
        assert open_sealed_sign_in(sealed.ticket, address=ADDRESS, at=AT) == li


def test_a_ticket_works_once_at_one_society_for_two_minutes(federation: Federation) -> None:
    with inside(federation.welding):
        li = person("Li", password=PASSWORD)
    with inside(federation.hq):
        SignInName.objects.create(name_hash=contact_hash("email", "li@example.org"), society="101", opened_at=AT)
        first, second = (seal_sign_in("li@example.org", PASSWORD, address="", at=AT).ticket for _ in range(2))
    with inside(federation.zhejiang):
        assert refusal(open_sealed_sign_in, first, address="", at=AT) == "bad_ticket"
    with inside(federation.welding):
        late = AT + timedelta(minutes=2)
        assert refusal(open_sealed_sign_in, first, address="", at=late) == "ticket_expired"
        assert open_sealed_sign_in(first, address="", at=AT) == li
        assert refusal(open_sealed_sign_in, first, address="", at=AT) == "ticket_used"
        assert refusal(open_sealed_sign_in, second[:-2] + "xx", address="", at=AT) == "bad_ticket"
        assert refusal(open_sealed_sign_in, "", address="", at=AT) == "bad_ticket"


def test_wrong_and_unknown_fail_at_home_with_the_same_words(federation: Federation) -> None:
    with inside(federation.welding):
        person("Li", password=PASSWORD)
    federation.settle()
    outcomes = []
    for name in ("li@example.org", "nobody@example.org", "nonsense", ""):
        with inside(federation.hq):
            sealed = seal_sign_in(name, "wrong password", address=ADDRESS, at=AT)
        with inside(sealed.society):
            outcomes.append(refusal(open_sealed_sign_in, sealed.ticket, address=ADDRESS, at=AT))
    assert outcomes == ["wrong_sign_in"] * 4


def test_an_unknown_name_always_goes_to_the_same_society_and_names_spread(in_hq: Society) -> None:
    def home(name: str) -> str:
        return seal_sign_in(name, "x", address="", at=AT).society.number

    assert {home("nobody@example.org") for _ in range(5)} == {home("Nobody@Example.org")}
    spread = Counter(home(f"nobody{number}@example.org") for number in range(90))
    assert set(spread) == {"100", "101", "201"}
    assert min(spread.values()) > 15


def test_a_known_name_costs_headquarters_what_an_unknown_one_does(
    in_hq: Society, django_assert_num_queries: Any
) -> None:
    SignInName.objects.create(name_hash=contact_hash("email", "li@example.org"), society="101", opened_at=AT)
    for name in ("li@example.org", "nobody@example.org", "nonsense"):
        with django_assert_num_queries(2):
            seal_sign_in(name, "x", address="", at=AT)


def test_who_has_an_account_at_headquarters_signs_in_there(in_hq: Society) -> None:
    zhao = person("Zhao", password=PASSWORD)
    SignInName.objects.create(name_hash=contact_hash("email", "zhao@example.org"), society="101", opened_at=AT)
    sealed = seal_sign_in("zhao@example.org", PASSWORD, address=ADDRESS, at=AT)
    assert sealed.society.number == "100"
    assert open_sealed_sign_in(sealed.ticket, address=ADDRESS, at=AT) == zhao


def test_sealing_is_limited_per_address_whatever_the_names(in_hq: Society) -> None:
    for number in range(SEAL_BY_ADDRESS.most):
        seal_sign_in(f"name{number}@example.org", "x", address=ADDRESS, at=AT)
    assert refusal(seal_sign_in, "li@example.org", "x", address=ADDRESS, at=AT) == "too_many_attempts"
    seal_sign_in("li@example.org", "x", address="198.51.100.1", at=AT)
    assert SignInAttempt.objects.count() == SEAL_BY_ADDRESS.most + 1


def test_only_headquarters_seals(in_welding: Society) -> None:
    assert refusal(seal_sign_in, "li@example.org", "x", address="", at=AT) == "not_headquarters"


def test_very_long_input_is_sealed_and_fails_like_any_other(in_hq: Society) -> None:
    sealed = seal_sign_in("x" * 100_000, "y" * 100_000, address="", at=AT)
    assert len(sealed.ticket) < 2000
