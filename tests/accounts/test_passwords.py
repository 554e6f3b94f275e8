"""A password is changed by whoever knows it, and recovered by whoever is reached."""

import re

import pytest

from huilian.accounts.models import User
from huilian.accounts.services import (
    authenticate,
    change_password,
    close_account,
    reset_password,
    send_code,
    set_password,
)
from huilian.journal.models import Record
from huilian.notices.models import Notice
from kit.errors import Refusal
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person

NEW = "another good phrase"


def code_for(contact: str) -> str:
    send_code(contact, purpose="reset", at=AT, language="en")
    found = re.search(r"\b\d{6}\b", Notice.objects.get().body)
    assert found is not None
    return found[0]


def test_setting_a_password_is_journalled_without_it(in_welding: Society) -> None:
    li = person("Li")
    set_password(li, NEW, at=AT)
    assert authenticate("li@example.org", NEW, address="", at=AT) == li
    last = Record.objects.latest("seq")
    assert (last.verb, last.facts, last.actor) == ("password.set", {}, f"user:{li.pk} Li")


@pytest.mark.parametrize("weak", ["", "1234567", "password", "li@example.org", "x" * 257])
def test_a_weak_password_is_refused_and_the_old_one_stays(weak: str, in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    with pytest.raises(Refusal) as refused:
        set_password(li, weak, at=AT)
    assert (refused.value.code, refused.value.field) == ("password_weak", "password")
    assert str(refused.value)
    assert User.objects.get(pk=li.pk).check_password(PASSWORD)


def test_long_passwords_of_any_characters_are_welcome(in_welding: Society) -> None:
    li = person("Li")
    set_password(li, "䶮" * 64, at=AT)
    assert authenticate("li@example.org", "䶮" * 64, address="", at=AT) == li


def test_changing_asks_for_the_present_password(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    with pytest.raises(Refusal) as refused:
        change_password(li, old="wrong", new=NEW, address="", at=AT)
    assert (refused.value.code, refused.value.field) == ("wrong_password", "old")
    change_password(li, old=PASSWORD, new=NEW, address="", at=AT)
    assert User.objects.get(pk=li.pk).check_password(NEW)


def test_guesses_at_the_present_password_are_slowed_down(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    codes = []
    for _ in range(11):
        with pytest.raises(Refusal) as refused:
            change_password(li, old="wrong", new=NEW, address="", at=AT)
        codes.append(refused.value.code)
    assert codes == ["wrong_password"] * 10 + ["too_many_attempts"]


def test_a_forgotten_password_is_replaced_by_a_code(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    assert reset_password("Li@example.org", code_for("li@example.org"), NEW, at=AT) == li
    assert User.objects.get(pk=li.pk).check_password(NEW)


def test_a_weak_new_password_does_not_spend_the_code(in_welding: Society) -> None:
    person("Li", password=PASSWORD)
    code = code_for("li@example.org")
    with pytest.raises(Refusal) as refused:
        reset_password("li@example.org", code, "short", at=AT)
    assert refused.value.code == "password_weak"
    reset_password("li@example.org", code, NEW, at=AT)


def test_who_has_no_account_learns_it_only_after_the_code(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        reset_password("nobody@example.org", "000000", NEW, at=AT)
    assert refused.value.code == "code_expired"
    with pytest.raises(Refusal) as refused:
        reset_password("nobody@example.org", code_for("nobody@example.org"), NEW, at=AT)
    assert refused.value.code == "no_account"


def test_a_closed_account_is_not_opened_by_a_reset(in_welding: Society) -> None:
    chen = person("Chen", password=PASSWORD)
    close_account(chen, by="system", at=AT, reason="Left")
    with pytest.raises(Refusal) as refused:
        reset_password("chen@example.org", code_for("chen@example.org"), NEW, at=AT)
    assert refused.value.code == "no_account"
    assert User.objects.get(pk=chen.pk).check_password(PASSWORD)
