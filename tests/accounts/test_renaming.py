"""Another phone or e-mail to sign in by: the password first, a code to the new one, a word to the old ones."""

import re
from datetime import timedelta
from typing import Any

import pytest

from federation.ledger.models import SignInName
from federation.models import OutboxMessage
from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import SignInAttempt, User
from huilian.accounts.sealed_sign_in import open_sealed_sign_in, seal_sign_in
from huilian.accounts.services import ask_new_contact, authenticate, change_contact, prove_new_contact
from huilian.journal.models import Record
from huilian.notices.models import Notice
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person
from tests.federation_fixture import Federation

NEW = "13900139000"
ADDRESS = "192.0.2.7"


def refusal(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


def ask(user: User, contact: str = NEW, *, password: str = PASSWORD, at: Any = AT) -> None:
    ask_new_contact(user, contact, password=password, address=ADDRESS, at=at, language="en")


def sent_code() -> str:
    letter = Notice.objects.filter(event="code.sent").order_by("-queued_at", "-pk").first()
    assert letter is not None
    found = re.search(r"\b\d{6}\b", letter.body)
    assert found
    return found[0]


def rename(user: User, contact: str = NEW, at: Any = AT) -> None:
    ask(user, contact, at=at)
    change_contact(user, prove_new_contact(user, contact, sent_code(), at=at), at=at)


def test_the_new_one_signs_in_and_the_old_one_no_longer(in_welding: Society) -> None:
    li = person("Li", phone="13800138000", email="li@example.org", password=PASSWORD)
    rename(li)
    assert authenticate("139 0013 9000", PASSWORD, address="", at=AT) == li
    assert authenticate("li@example.org", PASSWORD, address="", at=AT) == li
    assert refusal(authenticate, "13800138000", PASSWORD, address="", at=AT) == "wrong_sign_in"


def test_every_old_contact_is_told_and_the_new_one_is_named_masked(in_welding: Society) -> None:
    rename(person("Li", phone="13800138000", email="li@example.org", password=PASSWORD))
    told = Notice.objects.filter(event="account.contact_changed").order_by("channel")
    assert [(each.channel, each.address) for each in told] == [("email", "li@example.org"), ("sms", "+8613800138000")]
    assert all("+86139****9000" in each.body and "+8613900139000" not in each.body for each in told)


def test_an_email_is_added_where_there_was_none(in_welding: Society) -> None:
    li = person("Li", phone="13800138000", password=PASSWORD)
    rename(li, "Li@Example.org")
    li.refresh_from_db()
    assert (li.phone, li.email) == ("+8613800138000", "li@example.org")
    payload = OutboxMessage.objects.get(type="account.renamed").payload
    assert payload == {"gone_hashes": [], "name_hashes": [contact_hash("email", "li@example.org")]}


def test_the_journal_says_that_it_changed_and_not_to_what(in_welding: Society) -> None:
    rename(person("Li", phone="13800138000", password=PASSWORD))
    entry = Record.objects.get(verb="account.renamed")
    assert entry.facts == {"kind": "phone", "replaced": True}


def test_without_the_password_nothing_is_sent_and_guesses_are_counted(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    before = Notice.objects.count()
    assert refusal(ask, li, password="wrong") == "wrong_password"
    assert Notice.objects.count() == before
    assert SignInAttempt.objects.count() == 2  # the name and the address
    for _guess in range(9):
        refusal(ask, li, password="wrong")
    assert refusal(ask, li, password=PASSWORD) == "too_many_attempts"


def test_who_has_no_password_sets_one_first(in_welding: Society) -> None:
    assert refusal(ask, person("Li")) == "password_missing"


def test_the_same_contact_is_no_change(in_welding: Society) -> None:
    li = person("Li", phone="13800138000", email="li@example.org", password=PASSWORD)
    assert refusal(ask, li, "+86 138 0013 8000") == "contact_same"
    assert refusal(ask, li, "LI@example.org") == "contact_same"


def test_a_taken_one_is_answered_like_any_other_until_it_is_proven(in_welding: Society) -> None:
    person("Wang", phone=NEW)
    li = person("Li", phone="13800138000", password=PASSWORD)
    ask(li)
    assert refusal(prove_new_contact, li, NEW, "000000" if sent_code() != "000000" else "1", at=AT) == "wrong_code"
    proven = prove_new_contact(li, NEW, sent_code(), at=AT)
    assert refusal(change_contact, li, proven, at=AT) == "contact_taken"
    li.refresh_from_db()
    assert li.phone == "+8613800138000"
    assert not Record.objects.filter(verb="account.renamed").exists()
    assert not Notice.objects.filter(event="account.contact_changed").exists()


def test_a_code_is_worth_nothing_to_anybody_else(in_welding: Society) -> None:
    li, chen = person("Li", password=PASSWORD), person("Chen", password=PASSWORD)
    ask(li)
    assert refusal(prove_new_contact, chen, NEW, sent_code(), at=AT) == "code_expired"


def test_headquarters_sends_the_new_name_home_and_the_old_one_anywhere(federation: Federation) -> None:
    with inside(federation.welding):
        li = person("Li", phone="13800138000", email="li@example.org", password=PASSWORD)
    federation.settle()
    with inside(federation.welding):
        rename(li)
    federation.settle()
    with inside(federation.hq):
        names = set(SignInName.objects.values_list("name_hash", "society"))
        assert names == {
            (contact_hash("phone", "+8613900139000"), "101"),
            (contact_hash("email", "li@example.org"), "101"),
        }
        sealed = seal_sign_in(NEW, PASSWORD, address=ADDRESS, at=AT)
        stale = seal_sign_in("13800138000", PASSWORD, address=ADDRESS, at=AT)
    assert sealed.society.number == "101"
    with inside(federation.welding):
        assert open_sealed_sign_in(sealed.ticket, address=ADDRESS, at=AT) == li
    with inside(stale.society):
        assert refusal(open_sealed_sign_in, stale.ticket, address=ADDRESS, at=AT) == "wrong_sign_in"


def test_there_and_back_again_leaves_one_name(federation: Federation) -> None:
    with inside(federation.welding):
        li = person("Li", phone="13800138000", password=PASSWORD)
        rename(li)
        rename(li, "13800138000", at=AT + timedelta(minutes=2))
    federation.settle()
    with inside(federation.hq):
        assert SignInName.objects.get().name_hash == contact_hash("phone", "+8613800138000")


def test_the_same_name_elsewhere_stays(federation: Federation) -> None:
    for society in (federation.zhejiang, federation.welding):
        with inside(society):
            li = person("Li", phone="13800138000", password=PASSWORD)
    with inside(federation.welding):
        rename(li)
    federation.settle()
    with inside(federation.hq):
        home = SignInName.objects.get(name_hash=contact_hash("phone", "+8613800138000"))
        assert home.society == "201"
