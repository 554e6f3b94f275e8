"""An account is opened once per contact, and headquarters learns its hashes."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from federation.models import OutboxMessage
from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import OneTimeCode, SignInAttempt, User
from huilian.accounts.services import close_account, forget_spent, open_account, send_code, set_language
from huilian.accounts.tasks import tidy
from huilian.journal.models import Record
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person
from tests.federation_fixture import Federation


def refusal(**facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        open_account(**{"name": "李", "language": "zh-hans", "at": AT, **facts})
    return caught.value


def test_an_account_is_told_to_headquarters_by_hashes_only(in_welding: Society) -> None:
    li = open_account(
        name="李 䶮", phone="13800138000", email="Li@Example.org", password=PASSWORD, language="en-GB", at=AT
    )
    li = User.objects.get(pk=li.pk)
    assert (li.name, li.phone, li.email, li.language) == ("李 䶮", "+8613800138000", "li@example.org", "en")
    assert li.check_password(PASSWORD)
    assert li.joined_at == AT
    assert not (li.is_staff or li.is_superuser)
    message = OutboxMessage.objects.get()
    assert (message.type, message.receiver) == ("account.opened", "100")
    assert message.payload == {
        "name_hashes": [contact_hash("phone", "+8613800138000"), contact_hash("email", "li@example.org")]
    }
    assert (Record.objects.get().verb, Record.objects.get().facts) == ("account.opened", {})


@pytest.mark.parametrize(
    ("facts", "field"), [({"phone": "+86 13800138000"}, "phone"), ({"email": "LI@example.org"}, "email")]
)
def test_a_contact_has_one_account(facts: dict[str, str], field: str, in_welding: Society) -> None:
    person("Li", phone="13800138000", email="li@example.org")
    refused = refusal(**facts)
    assert (refused.code, refused.field, refused.status) == ("contact_taken", field, 409)
    assert (User.objects.count(), OutboxMessage.objects.count(), Record.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "contact_missing"),
        ({"phone": "12"}, "phone_invalid"),
        ({"email": "li@\x00"}, "email_invalid"),
        ({"email": "li@example.org", "name": " "}, "name_missing"),
        ({"email": "li@example.org", "name": "x" * 10_000}, "name_too_long"),
        ({"email": "li@example.org", "password": "short"}, "password_weak"),
        ({"email": "li@example.org", "password": "password1"}, "password_weak"),
        ({"email": "li@example.org", "password": "x" * 257}, "password_weak"),
    ],
)
def test_what_cannot_be_opened_leaves_nothing(facts: dict[str, str], code: str, in_welding: Society) -> None:
    assert refusal(**facts).code == code
    assert (User.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_two_tabs_open_one_account(federation: Federation) -> None:
    outcomes: list[str] = []
    gate = threading.Barrier(3)

    def run() -> None:
        try:
            with inside(federation.welding):
                gate.wait()
                open_account(name="Li", email="li@example.org", language="en", at=AT)
            outcomes.append("opened")
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["contact_taken", "contact_taken", "opened"]
    with inside(federation.welding):
        assert (User.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_an_account_is_closed_once_with_a_reason(in_welding: Society) -> None:
    li = person("Li")
    close_account(li, by="user:1 Wang", at=AT, reason="Asked for it")
    assert not User.objects.get(pk=li.pk).is_active
    last = Record.objects.latest("seq")
    assert (last.verb, last.reason, last.actor) == ("account.closed", "Asked for it", "user:1 Wang")
    with pytest.raises(Refusal) as refused:
        close_account(li, by="user:1 Wang", at=AT, reason="Again")
    assert refused.value.code == "account_closed"


@pytest.mark.parametrize(("asked", "kept"), [("en", "en"), ("zh-CN", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")])
def test_a_language_is_one_of_two(asked: str, kept: str, in_welding: Society) -> None:
    li = person("Li")
    set_language(li, asked)
    assert User.objects.get(pk=li.pk).language == kept


def test_what_has_served_its_purpose_is_forgotten(in_welding: Society) -> None:
    send_code("li@example.org", purpose="apply", at=AT, language="en", address="192.0.2.7")
    assert forget_spent(at=AT + timedelta(days=2)) == 0
    assert forget_spent(at=AT + timedelta(days=2, seconds=1)) == 2
    assert not OneTimeCode.objects.exists() and not SignInAttempt.objects.exists()


def test_the_task_forgets_in_its_own_society(federation: Federation) -> None:
    for society in (federation.welding, federation.zhejiang):
        with inside(society):
            SignInAttempt.objects.create(key="x", at=AT)
    tidy(federation.welding.schema_name)
    with inside(federation.welding):
        assert not SignInAttempt.objects.exists()
    with inside(federation.zhejiang):
        assert SignInAttempt.objects.count() == 1
