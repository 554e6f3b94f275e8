"""A one-time code proves a contact once, within ten minutes and five attempts, and tells nothing else."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from huilian.accounts.contacts import read_contact
from huilian.accounts.models import OneTimeCode
from huilian.accounts.services import check_code, send_code
from huilian.accounts.services.throttle import CODES_BY_ADDRESS
from huilian.notices.models import Notice
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, person
from tests.federation_fixture import Federation

LI = "Li@example.org"


def sent(contact: str = LI, *, purpose: str = "apply", at: Any = AT, address: str = "") -> str:
    """Send a code and read it where a person would: in the letter."""
    send_code(contact, purpose=purpose, at=at, language="en", address=address)
    letter = Notice.objects.filter(address=read_contact(contact).address).latest("queued_at")
    found = re.search(r"\b\d{6}\b", letter.body)
    assert found is not None
    return found[0]


def refusal(act: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize(("contact", "channel"), [(LI, "email"), ("13800138000", "sms")])
def test_the_code_in_the_letter_is_accepted_once(contact: str, channel: str, in_welding: Society) -> None:
    code = sent(contact)
    notice = Notice.objects.get()
    assert (notice.event, notice.channel) == ("code.sent", channel)
    assert notice.address in {"Li@example.org", "+8613800138000"}
    assert OneTimeCode.objects.get().code_hash != code
    check_code(contact, code, purpose="apply", at=AT)
    assert OneTimeCode.objects.get().used_at == AT
    again = refusal(check_code, contact, code, purpose="apply", at=AT)
    assert (again.code, again.field) == ("code_expired", "code")


def test_a_code_may_be_typed_with_spaces_and_full_width_digits(in_welding: Society) -> None:
    code = sent()
    check_code(
        "li@EXAMPLE.org",
        f" {code[:3]}-{code[3:]} ".translate({48 + n: 0xFF10 + n for n in range(10)}),
        purpose="apply",
        at=AT,
    )


def test_known_and_unknown_contacts_get_the_same(in_welding: Society) -> None:
    person("Li")
    letters = []
    for contact in ("li@example.org", "nobody@example.org"):
        code = sent(contact, purpose="reset")
        notice = Notice.objects.get(address=contact)
        letters.append((notice.subject, notice.body.replace(code, "******"), notice.event))
    assert letters[0] == letters[1]


def test_the_fifth_wrong_attempt_ends_the_code(in_welding: Society) -> None:
    code = sent()
    refusals = [refusal(check_code, LI, wrong(code), purpose="apply", at=AT).code for _ in range(5)]
    assert refusals == ["wrong_code"] * 4 + ["code_expired"]
    assert refusal(check_code, LI, code, purpose="apply", at=AT).code == "code_expired"


def test_four_wrong_attempts_leave_one(in_welding: Society) -> None:
    code = sent()
    for _ in range(4):
        refusal(check_code, LI, wrong(code), purpose="apply", at=AT)
    check_code(LI, code, purpose="apply", at=AT)


def test_a_code_lives_ten_minutes(in_welding: Society) -> None:
    code = sent()
    late = AT + timedelta(minutes=10)
    assert refusal(check_code, LI, code, purpose="apply", at=late).code == "code_expired"
    check_code(LI, code, purpose="apply", at=late - timedelta(seconds=1))


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "\x00", "9" * 10_000])
def test_whatever_is_typed_is_answered(code: str, in_welding: Society) -> None:
    if sent() == "123456":
        pytest.skip("one in a million")
    assert refusal(check_code, LI, code, purpose="apply", at=AT).code == "wrong_code"


def test_a_code_fits_its_contact_and_purpose_only(in_welding: Society) -> None:
    code = sent()
    assert refusal(check_code, LI, code, purpose="reset", at=AT).code == "code_expired"
    assert refusal(check_code, "wang@example.org", code, purpose="apply", at=AT).code == "code_expired"
    assert OneTimeCode.objects.get().attempts == 0


def test_another_code_is_sent_after_a_minute_and_replaces_the_first(in_welding: Society) -> None:
    first = sent()
    soon = refusal(sent, at=AT + timedelta(seconds=59))
    assert (soon.code, soon.status, soon.field) == ("code_too_soon", 429, "contact")
    assert "60 seconds" in str(soon)
    second = sent(at=AT + timedelta(seconds=60))
    if first != second:
        assert refusal(check_code, LI, first, purpose="apply", at=AT + timedelta(seconds=61)).code == "wrong_code"
    check_code(LI, second, purpose="apply", at=AT + timedelta(seconds=61))


def test_a_contact_gets_five_codes_an_hour_and_ten_a_day(in_welding: Society) -> None:
    for minute in range(5):
        sent(at=AT + timedelta(minutes=minute), purpose=f"purpose{minute}")
    refused = refusal(sent, at=AT + timedelta(minutes=6))
    assert (refused.code, refused.status) == ("too_many_codes", 429)
    for minute in range(60, 65):
        sent(at=AT + timedelta(minutes=minute))
    assert refusal(sent, at=AT + timedelta(hours=5)).code == "too_many_codes"
    sent(at=AT + timedelta(days=1))


def test_an_address_asks_for_a_limited_number_of_codes(in_welding: Society) -> None:
    for number in range(CODES_BY_ADDRESS.most):
        sent(f"name{number}@example.org", address="192.0.2.7")
    refused = refusal(sent, "one.more@example.org", address="192.0.2.7")
    assert (refused.code, refused.status) == ("too_many_attempts", 429)
    assert Notice.objects.count() == CODES_BY_ADDRESS.most
    sent("one.more@example.org", address="198.51.100.1")


def test_codes_of_one_society_do_not_fit_in_another(federation: Federation) -> None:
    with inside(federation.welding):
        code = sent()
        kept = OneTimeCode.objects.values("purpose", "contact", "code_hash", "sent_at", "expires_at").get()
    with inside(federation.zhejiang):
        OneTimeCode.objects.create(**kept)
        assert refusal(check_code, LI, code, purpose="apply", at=AT).code == "wrong_code"


def _at_once(society: Society, acts: list[Any]) -> list[str]:
    outcomes: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Any) -> None:
        try:
            with inside(society):
                gate.wait()
                act()
            outcomes.append("done")
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_a_double_click_sends_one_code(federation: Federation) -> None:
    outcomes = _at_once(federation.welding, [sent_quietly] * 4)
    assert outcomes == ["code_too_soon"] * 3 + ["done"]
    with inside(federation.welding):
        assert (Notice.objects.count(), OneTimeCode.objects.count()) == (1, 1)


def sent_quietly() -> None:
    send_code(LI, purpose="apply", at=AT, language="zh-hans")


def test_a_code_used_twice_at_once_is_used_once(federation: Federation) -> None:
    with inside(federation.welding):
        code = sent()
    outcomes = _at_once(federation.welding, [lambda: check_code(LI, code, purpose="apply", at=AT)] * 4)
    assert outcomes == ["code_expired"] * 3 + ["done"]


def test_many_guesses_at_once_are_all_counted(federation: Federation) -> None:
    with inside(federation.welding):
        code = sent()
    guesses = [lambda: check_code(LI, wrong(code), purpose="apply", at=AT)] * 8
    assert "done" not in _at_once(federation.welding, guesses)
    with inside(federation.welding):
        assert OneTimeCode.objects.get().attempts == 5
        assert refusal(check_code, LI, code, purpose="apply", at=AT).code == "code_expired"
