"""Member search → generate referral code, contact data on request, and the file for a spreadsheet."""

import csv
from io import StringIO
from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.members.models import Member
from referrals.models import ReferralCode
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.walking import standing_member


@pytest.fixture
def li(federation: Federation) -> Any:
    """Li, a member of the welding branch with a phone and an e-mail, and without a referral code."""
    with federation.inside(federation.welding):
        member = standing_member("李四")
        from huilian.accounts.hashing import contact_hash, seal

        Member.objects.filter(pk=member.pk).update(
            phone="+8613800000004",
            phone_hash=contact_hash("phone", "+8613800000004"),
            email="lisi@example.org",
            id_number_sealed=seal("110105199003070134"),
        )
        ReferralCode.objects.filter(member_id=member.pk).delete()
        standing_member("陈静", "ordinary")
    return member


@pytest.mark.parametrize("text", ["李四", "lisi", "ls", "1010000001G", "13800000004"])
def test_two_clicks_from_the_search_to_the_code(federation: Federation, li: Any, text: str) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/members/", {"text": text})
    assert "李四" in wang.words
    assert "陈静" not in wang.words
    assert "Generate referral code : 李四" in wang.words
    wang.post(f"/console/members/{li.pk}/code/", follow=True)
    with federation.inside(federation.welding):
        code = ReferralCode.objects.get(member_id=li.pk)
        assert Record.objects.get(verb="code.minted").facts["member"] == "1010000001G"
    assert wang.page.redirect_chain == [(f"/console/codes/{code.pk}/", 302)]  # type: ignore[attr-defined]
    assert code.code in wang.words
    assert f"http://welding.localhost:8000/r/{code.code}/" in wang.words
    assert "<svg" in wang.text
    assert f"/console/codes/{code.pk}/qr.png" in wang.text
    wang.get("/console/members/", {"text": text})
    assert "Generate referral code" not in wang.words
    assert code.code in wang.words


def test_generating_twice_is_once(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    for _click in range(2):
        wang.post(f"/console/members/{li.pk}/code/")
    with federation.inside(federation.welding):
        assert ReferralCode.objects.filter(member_id=li.pk).count() == 1
        assert Record.objects.filter(verb="code.minted").count() == 1


def test_who_only_looks_is_offered_no_button(federation: Federation, li: Any) -> None:
    viewer = at_desk(federation.welding, Role.VIEWER)
    viewer.get("/console/members/")
    assert "李四" in viewer.words
    assert "Generate referral code" not in viewer.words
    assert "Export" not in viewer.words
    viewer.get(f"/console/members/{li.pk}/")
    assert "This member has no referral code." in viewer.words
    assert "Show in full" not in viewer.words


def test_filters_narrow_and_say_when_nothing_is_found(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding)
    wang.get("/console/members/", {"category": "ordinary", "state": "active", "kind": "person"})
    assert "陈静" in wang.words
    assert "李四" not in wang.words
    wang.get("/console/members/", {"state": "lapsed"})
    assert "No member found" in wang.words
    wang.get("/console/members/", {"category": "no such"})
    assert wang.page.status_code == 200
    assert "Select a valid choice" in wang.words
    wang.get("/console/members/", {"text": "x" * 101})
    assert wang.page.status_code == 200
    assert "at most 100 characters" in wang.words
    wang.get("/console/members/", {"page": "99999999999999999999"})
    assert "李四" in wang.words


def test_contact_data_are_masked_until_somebody_asks(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get(f"/console/members/{li.pk}/")
    for secret in ("13800000004", "lisi@", "110105199003070134"):
        assert secret not in wang.text
    assert "****0004" in wang.words
    with federation.inside(federation.welding):
        assert not Record.objects.filter(verb="member.revealed").exists()
    wang.post(f"/console/members/{li.pk}/reveal/")
    for secret in ("+8613800000004", "lisi@example.org", "110105199003070134"):
        assert secret in wang.text
    with federation.inside(federation.welding):
        seen = Record.objects.get(verb="member.revealed")
        assert seen.subject_id == str(li.pk)
        assert seen.actor == f"user:{wang.user.pk} 王伟"  # type: ignore[union-attr]
        assert "13800000004" not in str(seen.facts)
    wang.get(f"/console/members/{li.pk}/")
    assert "13800000004" not in wang.text
    assert "Contact data looked at · 王伟" in wang.words


def test_a_name_nobody_can_tell_from_markup(federation: Federation) -> None:
    with federation.inside(federation.welding):
        member = standing_member("<b>䶮</b> & Söhne")
    wang = at_desk(federation.welding)
    wang.get("/console/members/", {"text": "䶮"})
    assert "&lt;b&gt;䶮&lt;/b&gt; &amp; Söhne" in wang.text
    wang.get(f"/console/members/{member.pk}/")
    assert "<b>䶮</b>" not in wang.text


def test_the_file_is_safe_to_open_and_noted(federation: Federation, li: Any) -> None:
    with federation.inside(federation.welding):
        Member.objects.filter(pk=li.pk).update(name="=1+2", sort_key="a")
    wang = at_desk(federation.welding, Role.REGISTRAR)
    page = wang.get("/console/members/export.csv", {"state": "active"})
    text = page.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][:5] == ["Member number", "Name", "Kind", "Category", "State"]
    assert rows[1][:5] == ["1010000001G", "'=1+2", "Person", "Senior member", "Active"]
    assert rows[2][:4] == ["1010000002P", "陈静", "Person", "Ordinary member"]
    assert rows[1][10:] == ["'+86138****0004", "l***@example.org"]
    assert "13800000004" not in text
    with federation.inside(federation.welding):
        noted = Record.objects.get(verb="members.exported")
        assert noted.facts == {"rows": 2, "format": "csv", "state": "active"}
    wang.get("/console/members/export.csv", {"category": "no such"})
    assert wang.page.status_code == 302
    with federation.inside(federation.welding):
        assert Record.objects.filter(verb="members.exported").count() == 1


def test_a_page_of_a_member_without_everything(federation: Federation) -> None:
    with federation.inside(federation.welding):
        member = standing_member("李明", "ordinary")
        Member.objects.filter(pk=member.pk).update(category="abolished", to_on=None)
    wang = at_desk(federation.welding)
    wang.get(f"/console/members/{member.pk}/")
    assert wang.page.status_code == 200
    assert "abolished" in wang.words
    Desk(federation.welding, wang.user).get("/console/members/")
