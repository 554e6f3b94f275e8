"""What one society gave away in good faith is worth nothing in another: tickets, links, codes, cookies, keys."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from federation import tickets
from huilian.accounts.models import Invitation, User
from huilian.accounts.sealed_sign_in import PATH, seal_sign_in
from huilian.accounts.services import check_code, send_code, set_password
from huilian.accounts.services.passwords import RESET
from huilian.applications.models import Application, Paper
from huilian.applications.papers import paper_url
from huilian.billing.models import Bill
from huilian.members.models import Member
from huilian.notices.models import Notice
from huilian.portals import belonging
from huilian.portals.views.paying import LIFETIME, PURPOSE
from kit import clock
from kit.errors import Refusal
from tests.federation_fixture import Federation
from tests.isolation.households import Household, settle_in
from tests.isolation.intruding import Caller, carried_to, signed_in
from tests.isolation.traces import Watcher, changes

ORIGIN = "http://hq.localhost:8000"


@pytest.fixture
def households(federation: Federation) -> Iterator[dict[str, Household]]:
    yield settle_in(federation)
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


@pytest.fixture
def zhejiang_(households: dict[str, Household]) -> Household:
    return households["zhejiang"]


@pytest.fixture
def welding_(households: dict[str, Household]) -> Household:
    return households["welding"]


@pytest.fixture
def unmoved(households: dict[str, Household], admin_url: str) -> Iterator[None]:
    """Whatever the test does, Welding and headquarters are as they were."""
    watcher = Watcher(admin_url, ["s_welding", "s_hq"])
    before = watcher.look()
    yield
    after = watcher.look()
    watcher.close()
    # That somebody tried is counted, and when a token was used is noted.
    assert {table.partition(".")[2] for table in changes(before, after)} <= {
        "accounts_signinattempt",
        "accounts_apitoken",
    }


def test_a_ticket_to_apply(zhejiang_: Household, welding_: Household, unmoved: None) -> None:
    path = f"/apply/?t={zhejiang_.apply_ticket}"
    assert Caller(zhejiang_.society).knock("GET", path).status_code == 200
    stranger = Caller(welding_.society)
    assert stranger.knock("GET", path).status_code == 403
    assert stranger.knock("POST", "/apply/", {"t": zhejiang_.apply_ticket, "act": "submit"}).status_code == 403
    assert stranger.knock("POST", "/apply/code/", {"t": zhejiang_.apply_ticket, "by": "mobile"}).status_code == 403
    program = Caller(welding_.society, token=welding_.token)
    answer = program.knock("POST", "/api/v1/applications/", {"ticket": zhejiang_.apply_ticket}, api=True)
    assert (answer.status_code, _code(answer)) == (403, "bad_ticket")


def test_an_invitation(zhejiang_: Household, welding_: Household, federation: Federation) -> None:
    path = f"/invitation/{zhejiang_.invitation_secret}/"
    for method in ("GET", "POST"):
        answer = Caller(welding_.society).knock(method, path, {"password": "a-Walk-2026-by-the-river"})
        assert answer.status_code == 404
    with federation.inside(federation.welding):
        assert not Invitation.objects.exclude(accepted_at=None).exists()
    assert Caller(zhejiang_.society).knock("GET", path).status_code == 200


def test_a_draft_in_a_browser(zhejiang_: Household, welding_: Household, federation: Federation, unmoved: None) -> None:
    """The signed cookie that remembers what was begun: carried to another host, and with that host's own key in it."""
    for keys in (zhejiang_.keys, welding_.keys):
        browser = Caller(zhejiang_.society)
        with federation.inside(federation.zhejiang):
            value = signing.get_cookie_signer(salt=belonging.COOKIE + belonging._salt()).sign(str(keys["draft"]))
        browser.client.cookies[belonging.COOKIE] = value
        if keys is zhejiang_.keys:
            assert browser.knock("GET", f"/apply/{keys['draft']}/").status_code == 200
        stranger = carried_to(welding_.society, browser)
        for path in (f"/apply/{keys['draft']}/", f"/apply/done/{keys['draft']}/", f"/pay/{keys['draft']}/"):
            assert stranger.knock("GET", path).status_code == 404, path
        answer = stranger.knock("POST", "/apply/code/", {"draft": str(keys["draft"]), "by": "mobile"})
        assert answer.status_code == 404


def test_a_bill_is_opened_by_its_own_society_only(
    zhejiang_: Household, households: dict[str, Household], federation: Federation, unmoved: None
) -> None:
    """Welding's own, true ticket to the cashier, but for Zhejiang's application: no bill is found."""
    hq, application = households["hq"], str(zhejiang_.keys["application"])
    with federation.inside(federation.hq):
        bill = Bill.objects.get(society_number="201", application_id=application)
    for society, sees in ((federation.zhejiang, True), (federation.welding, False)):
        with federation.inside(society):
            ticket = tickets.mint(PURPOSE, to="100", payload={"application": application}, lifetime=LIFETIME)
        page = Caller(hq.society).knock("GET", f"/cashier/?t={ticket}")
        assert page.status_code == 200
        assert (bill.number in page.content.decode()) is sees
        if not sees:
            Caller(hq.society).knock("POST", "/cashier/", {"t": ticket, "years": "5"})
    with federation.inside(federation.zhejiang):
        elsewhere = tickets.mint(PURPOSE, to="101", payload={"application": application}, lifetime=LIFETIME)
        other = tickets.mint("paper", to="100", payload={"application": application}, lifetime=LIFETIME)
    for ticket in (elsewhere, other):
        assert Caller(hq.society).knock("GET", f"/cashier/?t={ticket}").status_code == 403


def test_a_paper_that_headquarters_may_open(zhejiang_: Household, federation: Federation, unmoved: None) -> None:
    with federation.inside(federation.hq):
        url = paper_url("201", str(zhejiang_.keys["paper"]), officer="赵敏", at=clock.now())
    path = url[url.index("/papers/") :]
    assert Caller(federation.welding).knock("GET", path).status_code == 403
    assert Caller(federation.hq).knock("GET", path).status_code == 403
    assert Caller(federation.zhejiang).knock("GET", path).status_code == 200
    assert Caller(federation.zhejiang).knock("GET", path).status_code == 403  # once


def test_a_sealed_sign_in(zhejiang_: Household, federation: Federation, unmoved: None) -> None:
    with federation.inside(federation.zhejiang):
        set_password(User.objects.get(pk=zhejiang_.member.pk), "a-Walk-2026-by-the-river", at=clock.now())
        contact = str(zhejiang_.member.phone)
    with federation.inside(federation.hq):
        sealed = seal_sign_in(contact, "a-Walk-2026-by-the-river", address="", at=clock.now())
    assert sealed.society.number == "201"
    for society in (federation.welding, federation.hq):
        stranger = Caller(society)
        stranger.client.defaults["HTTP_ORIGIN"] = ORIGIN
        assert stranger.knock("POST", PATH, {"ticket": sealed.ticket}).status_code == 403
        assert "session" not in stranger.client.cookies
    at_home = Caller(federation.zhejiang)
    at_home.client.defaults["HTTP_ORIGIN"] = ORIGIN
    assert at_home.knock("POST", PATH, {"ticket": sealed.ticket}).status_code == 302
    assert "session" in at_home.client.cookies


def test_a_code_to_set_a_new_password(zhejiang_: Household, welding_: Household, federation: Federation) -> None:
    """The same person has accounts in both: a code read at Zhejiang opens nothing at Welding, and the other way."""
    contact = "li.both@example.org"
    before = {}
    for house in (zhejiang_, welding_):
        with federation.inside(house.society):
            User.objects.filter(pk=house.member.pk).update(email=contact)
            before[house.society.number] = User.objects.get(pk=house.member.pk).password
    with federation.inside(federation.zhejiang):
        send_code(contact, purpose=RESET, at=clock.now(), language="en")
        code = next(word for word in Notice.objects.latest("queued_at").body.split() if word.strip(".").isdigit())
    wish = {"contact": contact, "code": code.strip("."), "password": "another-Walk-2026"}
    answer = Caller(welding_.society).knock("POST", "/sign-in/reset/", wish)
    assert answer.status_code == 422
    with federation.inside(federation.welding):
        assert User.objects.get(pk=welding_.member.pk).password == before["101"]
        with pytest.raises(Refusal):
            check_code(contact, wish["code"], purpose=RESET, at=clock.now())
    assert Caller(zhejiang_.society).knock("POST", "/sign-in/reset/", wish).status_code == 302
    with federation.inside(federation.zhejiang):
        assert User.objects.get(pk=zhejiang_.member.pk).password != before["201"]


def test_a_session_key_is_looked_up_here(zhejiang_: Household, welding_: Household, federation: Federation) -> None:
    """Even a session row that was copied over, key and all, signs nobody in: the proof names the schema."""
    at_home = signed_in(zhejiang_.society, zhejiang_.owner)
    key = at_home.client.cookies["session"].value
    with federation.inside(federation.zhejiang):
        row = Session.objects.get(session_key=key)
    with federation.inside(federation.welding):
        # Same key, same content, and the user's number is that of Welding's owner, with the same password.
        content = {**row.get_decoded(), "_auth_user_id": str(welding_.owner.pk)}
        data = Session.objects.encode(content)
        Session.objects.create(session_key=key, session_data=data, expire_date=row.expire_date)
        User.objects.filter(pk=welding_.owner.pk).update(password=zhejiang_.owner.password)
    stranger = carried_to(welding_.society, at_home)
    answer = stranger.knock("GET", "/console/members/")
    assert (answer.status_code, str(answer["Location"])[:9]) == (302, "/sign-in/")


def test_keys_of_zhejiang_in_bodies(zhejiang_: Household, welding_: Household, admin_url: str) -> None:
    owner = signed_in(welding_.society, welding_.owner)
    watcher = Watcher(admin_url, ["s_welding", "s_zhejiang"])
    before = watcher.look()
    answer = owner.knock(
        "POST", f"/console/codes/{welding_.keys['code']}/entrust/", {"user": zhejiang_.keys["promoter"]}
    )
    assert answer.status_code == 422
    program = Caller(welding_.society)  # without a token: what is open to all
    wish = {"category": "student", "code": zhejiang_.keys["code text"]}
    refused = program.knock("POST", "/api/v1/tickets/", wish, api=True)
    assert (refused.status_code, _code(refused)) == (422, "code_of_other_society")
    assert changes(before, watcher.look()) == set()
    watcher.close()


@pytest.mark.parametrize(
    "filtered",
    [
        "members/?referral_code={code text}",
        "members/?text={number of the member}",
        "applications/?code={code text}",
        "applications/?text={reference}",
        "referral-codes/?member_id={member}",
    ],
)
def test_lists_know_nothing_of_elsewhere(
    filtered: str, zhejiang_: Household, welding_: Household, federation: Federation
) -> None:
    with federation.inside(federation.zhejiang):
        known = {
            **zhejiang_.keys,
            "reference": Application.objects.get(pk=zhejiang_.keys["application"]).reference,
            "number of the member": Member.objects.get().number,
        }
    path = f"/api/v1/{filtered.format_map(known)}"
    answer: Any = Caller(welding_.society, token=welding_.token).knock("GET", path)
    assert (answer.status_code, answer.json()["count"]) == (200, 0)
    if "member_id" not in filtered and "referral_code=" not in filtered and "?code=" not in filtered:
        at_home: Any = Caller(zhejiang_.society, token=zhejiang_.token).knock("GET", path)
        assert at_home.json()["count"] == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8000",
        "localhost:8000",
        "nobody.localhost:8000",
        "zhejiang.welding.localhost:8000",
        "www.welding.localhost:8000",
        "welding.localhost.example.org",
        "welding.localhost@zhejiang.localhost",
        "s_welding.localhost",
        "wel ding.localhost",
        "[::1]",
    ],
)
def test_a_host_that_is_nobodys(host: str, federation: Federation) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    answer = Client().get("/api/v1/members/", headers={"Host": host})
    assert answer.status_code == 404
    assert "WWW-Authenticate" not in answer


def test_the_host_alone_decides(federation: Federation) -> None:
    for host, number in (("welding.localhost", 101), ("WELDING.localhost:8000", 101), ("zhejiang.localhost:1", 201)):
        headers = {"Host": host, "X-Forwarded-Host": "hq.localhost", "Forwarded": "host=hq.localhost"}
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        answer = Client().get("/api/v1/members/", headers=headers)
        assert answer["WWW-Authenticate"] == f'Bearer realm="society {number}"', host


def test_an_uploads_path(zhejiang_: Household, welding_: Household, federation: Federation) -> None:
    """No path leads to a file: not by address, and not by climbing out of the society's own folder."""
    with federation.inside(federation.zhejiang):
        path = Paper.objects.get(pk=zhejiang_.keys["paper"]).path
        whole = Path(default_storage.path(path))
    assert whole.is_file() and "s_zhejiang" in whole.parts
    for society in (welding_, zhejiang_):
        owner = signed_in(society.society, society.owner)
        for prefix in ("/media/", "/media-is-never-served-by-path/", "/static/", "/static/../media/", "/"):
            for tail in (path, f"s_zhejiang/{path}", f"../s_zhejiang/{path}", f"%2e%2e/s_zhejiang/{path}"):
                assert owner.knock("GET", prefix + tail).status_code in (403, 404), prefix + tail
    with federation.inside(federation.welding):
        assert not default_storage.exists(path)
        for climb in (f"../s_zhejiang/{path}", str(whole), f"papers/../../s_zhejiang/{path}"):
            with pytest.raises(SuspiciousFileOperation):
                default_storage.open(climb)


def _code(answer: Any) -> str:
    return str(answer.json().get("code", ""))
