"""Journal, letters, staff and roles, the scheme as it is read in a society."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from huilian.accounts.models import Invitation, Role, RoleGrant
from huilian.journal.models import Record
from huilian.notices.models import Notice
from huilian.schemes.loading import load_scheme
from kit import clock
from tests.environment import DATABASE
from tests.federation_fixture import Federation
from tests.portals.console.desk import at_desk


def today() -> str:
    return clock.today("Asia/Shanghai").isoformat()


def test_the_journal_shows_and_proves_itself(federation: Federation, admin_url: str) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    invited = {"role": "viewer", "name": "陈静", "email": "chen@example.org"}
    wang.post("/console/staff/invite/", invited)
    wang.get("/console/journal/")
    assert "Invitation sent invitation.made 王伟" in wang.words
    assert "role: viewer" in wang.words.lower()
    wang.get("/console/journal/", {"verb": "invitation", "actor": "王"})
    assert "Invitation sent" in wang.words
    wang.get("/console/journal/", {"verb": "invitation.made", "from_on": today(), "to_on": today()})
    assert "Invitation sent invitation.made 王伟" in wang.words
    for query in (
        {"verb": "role"},
        {"verb": "role.granted"},
        {"actor": "nobody"},
        {"subject": "none"},
        {"to_on": (date.fromisoformat(today()) - timedelta(days=1)).isoformat()},
        {"from_on": "9999-12-31"},
    ):
        wang.get("/console/journal/", query)
        assert "No act found" in wang.words
    wang.post("/console/journal/check/", follow=True)
    assert "The journal is whole" in wang.words
    with psycopg.connect(admin_url, dbname=DATABASE) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE s_welding.journal_record SET reason = 'changed' WHERE verb = 'invitation.made'")
    wang.post("/console/journal/check/", follow=True)
    assert "The journal is broken at line 1." in wang.words


@override_settings(EMAIL_BACKEND="huilian.notices.outbox.OutboxBackend")
def test_letters_are_read_here_where_nothing_is_sent(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/outbox/")
    assert "No letters yet" in wang.words
    with federation.inside(federation.welding):
        Notice.objects.create(
            event="code.sent",
            channel="email",
            address="li@example.org",
            language="en",
            subject="Your <code>",
            body="See http://welding.localhost:8000/my/ <script>alert(1)</script>\nWelding",
            queued_at=clock.now(),
        )
    wang.get("/outbox/")
    assert "Letters" in wang.menu
    assert "Your &lt;code&gt;" in wang.text
    assert "<script>alert" not in wang.text
    assert '<a href="http://welding.localhost:8000/my/" rel="nofollow">' in wang.text
    wang.get("/outbox/", {"channel": "sms"})
    assert "li@example.org" not in wang.words
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend"):
        wang.get("/outbox/")
        assert wang.page.status_code == 200  # SMS still lead nowhere else
        assert "li@example.org" not in wang.words


def test_inviting_and_taking_back(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    page = "/console/staff/invite/"
    for wrong, field in (
        ({"role": "registrar", "name": "陈静"}, "__all__"),
        ({"role": "registrar", "name": "陈静", "email": "no address"}, "email"),
        ({"role": "registrar", "name": "陈静", "phone": "12"}, "phone"),
        ({"role": "officer", "name": "陈静", "email": "chen@example.org"}, "role"),
        ({"role": "registrar", "name": "\u202e", "email": "chen@example.org"}, "name"),
    ):
        wang.post(page, wrong)
        assert wang.page.status_code == 422, wrong
        assert list(wang.errors) == [field], wrong
    with federation.inside(federation.welding):
        assert not Invitation.objects.exists()
        assert not Notice.objects.exists()
    wang.post(page, {"role": "registrar", "name": "陈静", "email": "chen@example.org"}, follow=True)
    assert "The invitation is on its way." in wang.words
    assert "陈静 · Registrar · chen@example.org" in wang.words
    with federation.inside(federation.welding):
        invitation = Invitation.objects.get()
        assert invitation.invited_by == wang.user
        assert "/invitation/" in Notice.objects.get().body
    withdraw = f"/console/staff/invitations/{invitation.pk}/withdraw/"
    wang.post(withdraw, follow=True)
    assert "The invitation is withdrawn." in wang.words
    assert "chen@example.org" not in wang.words
    wang.post(withdraw, follow=True)
    assert "was taken up or revoked already" in wang.words


def test_granting_and_ending_an_office(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    chen = at_desk(federation.welding, None, "陈静")
    with federation.inside(federation.welding):
        chen.user.phone = "+8613900000001"  # type: ignore[union-attr]
        chen.user.save()  # type: ignore[union-attr]
    page = "/console/staff/grant/"
    wang.post(page, {"contact": "13911111111", "role": "registrar"})
    assert wang.errors == {"contact": "Nobody signs in here with this phone or e-mail. Invite the person instead."}
    wang.post(page, {"contact": "139 0000 0001", "role": "registrar", "last_day": "2020-01-01"})
    assert wang.page.status_code == 422
    wish: dict[str, Any] = {"contact": "139 0000 0001", "role": "registrar", "last_day": "2099-12-31"}
    wang.post(page, wish, follow=True)
    assert "The office is granted." in wang.words
    assert "陈静 Registrar" in wang.words
    assert "31 December 2099" in wang.words
    with federation.inside(federation.welding):
        grant = RoleGrant.objects.get(user=chen.user)
        assert (grant.to_on, grant.granted_by) == (date(2100, 1, 1), wang.user)
    wang.post(page, wish)
    assert "holds the office already" in wang.errors["role"]
    chen.get("/console/members/")
    assert chen.page.status_code == 200
    wang.post(f"/console/staff/{grant.pk}/end/", {"reason": "任期届满"}, follow=True)
    assert "The office has ended." in wang.words
    chen.get("/console/members/")
    assert chen.page.status_code == 403
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="role.ended").reason == "任期届满"


def test_the_last_owner_stays(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    with federation.inside(federation.welding):
        grant = RoleGrant.objects.get()
    wang.post(f"/console/staff/{grant.pk}/end/", {"reason": ""})
    assert wang.page.status_code == 422
    with federation.inside(federation.welding):
        assert RoleGrant.objects.get().to_on is None
        assert not Record.objects.exists()


def test_the_scheme_as_it_stands(federation: Federation) -> None:
    zhou = at_desk(federation.welding, Role.PROMOTER)
    zhou.get("/console/schemes/")
    assert "Version 1 1 January 2019 in force" in zhou.words
    assert "Change dues" not in zhou.words
    zhou.get("/console/schemes/1/")
    for said in ("Ordinary member", "CNY 50.00 a year", "within 3 working days"):
        assert said in zhou.words, said
    zhou.get("/console/schemes/1/scheme.yaml")
    assert load_scheme(zhou.page.content.decode()).version == 1
    for path in ("2/", "2/scheme.yaml", "1/changes/", "1/changes/?with=7", "1/changes/?with=x", "9" * 30 + "/"):
        zhou.get(f"/console/schemes/{path}")
        assert zhou.page.status_code == 404, path
    zhou.get("/console/schemes/1/changes/?with=1")
    assert "The two versions say the same" in zhou.words


def test_the_overview_draws_months_and_categories(federation: Federation) -> None:
    from huilian.members.models import Member
    from tests.portals.walking import standing_member

    today = clock.now().date()
    with federation.inside(federation.welding):
        for name in ("李四", "陈静"):
            member = standing_member(name, "ordinary")
            Member.objects.filter(pk=member.pk).update(joined_on=today)
        old = standing_member("孙七")
        Member.objects.filter(pk=old.pk).update(joined_on=today - timedelta(days=800), state="lapsed")
    wang = at_desk(federation.welding, Role.VIEWER)
    wang.get("/console/")
    assert "Members in standing 2 2 joined this month" in wang.words
    assert "Lapsed members 1" in wang.words
    assert "Ordinary member 2" in wang.words
    assert "No referral codes yet" in wang.words
    assert "Nothing waits for you." in wang.words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_who_may_not_is_told_so(federation: Federation, language: str) -> None:
    chen = at_desk(federation.welding, None, "陈静", language=language)
    chen.get("/console/")
    assert chen.page.status_code == 403
    assert ("Your role does not allow this." in chen.words) == (language == "en")
