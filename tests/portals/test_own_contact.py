"""Changing the phone or e-mail: the page, the member on both rolls, and an application under way."""

import re
from typing import Any

from federation.ledger.models import RollEntry
from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import User
from huilian.applications.models import Application
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.notices.models import Notice
from tests.accounts.people import PASSWORD
from tests.federation_fixture import Federation
from tests.portals.test_own_pages import applied
from tests.portals.visitor import HQ, Visitor

NEW = "13900139000"


def with_password(federation: Federation, category: str) -> Visitor:
    """Li, who applied and set a password."""
    li = applied(federation, category)
    li.post("/my/password/", {"password": PASSWORD})
    assert "Your new password is set." in li.words, li.words
    return li


def sent_code(federation: Federation) -> str:
    with federation.inside(federation.welding):
        letter = Notice.objects.filter(event="code.sent").order_by("-queued_at", "-pk").first()
        assert letter is not None and letter.address == "+8613900139000"
        found = re.search(r"\b\d{6}\b", letter.body)
    assert found
    return found[0]


def rename(federation: Federation, li: Visitor, contact: str = NEW) -> None:
    li.post("/my/contact/", {"contact": contact, "password": PASSWORD})
    assert "A code was sent to" in li.words, li.words
    li.post("/my/contact/", {"code": sent_code(federation)})


def test_a_member_changes_the_number_everywhere(federation: Federation) -> None:
    li = with_password(federation, "student")
    federation.settle()
    with federation.inside(federation.welding):
        before = Member.objects.get()
    rename(federation, li)
    assert "Changed. Please sign in by it from now on." in li.words
    federation.settle()
    with federation.inside(federation.welding):
        member, user = Member.objects.get(), User.objects.get()
        assert (member.phone, user.phone) == ("+8613900139000", "+8613900139000")
        assert member.profile["mobile"] == "+8613900139000"
        assert member.version == before.version + 1
        assert Record.objects.get(verb="member.contact_changed").facts == {"kind": "phone"}
    with federation.inside(federation.hq):
        entry = RollEntry.objects.get()
        assert entry.phone_hash == contact_hash("phone", "+8613900139000")
    again = Visitor()
    again.get(f"{HQ}/sign-in/")
    page: Any = again.post(f"{HQ}/sign-in/", {"identifier": NEW, "password": PASSWORD})
    assert page.status_code == 200
    assert "http://welding.localhost:8000/sign-in/sealed/" in again.text


def test_letters_about_an_application_under_way_go_to_the_new_number(federation: Federation) -> None:
    li = with_password(federation, "ordinary")
    with federation.inside(federation.welding):
        before = Application.objects.get()
    rename(federation, li)
    federation.settle()
    with federation.inside(federation.welding):
        application = Application.objects.get()
        assert (application.phone, application.answers["mobile"]) == ("+8613900139000", "+8613900139000")
        assert application.phone_hash == application.confirmed_hash == contact_hash("phone", "+8613900139000")
        assert application.version == before.version + 1
        assert (application.state, application.step) == (before.state, before.step)


def test_what_is_wrong_stands_beside_the_field_and_changes_nothing(federation: Federation) -> None:
    li = with_password(federation, "student")
    with federation.inside(federation.welding):
        own = User.objects.get().phone
    for given, problem in (
        ({"contact": "12345", "password": PASSWORD}, "contact"),
        ({"contact": NEW, "password": "wrong"}, "password"),
        ({"contact": NEW}, "password"),
        ({"contact": own, "password": PASSWORD}, "contact"),
    ):
        li.post("/my/contact/", given)
        assert li.page.status_code == 422 and set(li.errors()) == {problem}, (given, li.words)
    li.post("/my/contact/", {"code": "123456"})
    assert li.page.status_code == 422 and set(li.errors()) == {"contact", "password"}
    li.post("/my/contact/", {"contact": NEW, "password": PASSWORD})
    right = sent_code(federation)
    li.post("/my/contact/", {"code": "000000" if right != "000000" else "111111"})
    assert li.page.status_code == 422 and set(li.errors()) == {"code"}
    with federation.inside(federation.welding):
        assert User.objects.get().phone != "+8613900139000"
    li.get("/my/contact/?again=1")
    assert "A code was sent to" not in li.words


def test_a_taken_number_is_refused_only_after_the_code(federation: Federation) -> None:
    li = with_password(federation, "student")
    with federation.inside(federation.welding):
        User.objects.create_user(name="王伟", phone="+8613900139000")
    rename(federation, li)
    assert li.page.status_code == 409
    assert "Somebody signs in by this already." in li.text and "王伟" not in li.text
    with federation.inside(federation.welding):
        assert Member.objects.get().phone != "+8613900139000"


def test_without_a_password_the_page_leads_to_setting_one(federation: Federation) -> None:
    li = applied(federation, "student")
    li.get("/my/contact/")
    assert "Set one first" in li.words and li.link("/my/password/")
