"""The roll, orders about societies, the border and resolutions."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from federation.ledger.models import Reconciliation, Resolution, RollEntry, SocietyOrder
from federation.ledger.recounting import mend_sums
from federation.models import InboxMessage
from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import forget_schemes
from kit import clock
from tenants.kinds import LAW
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.world import World
from tests.portals.walking import standing_member


@pytest.fixture
def zhao(federation: Federation) -> Desk:
    return at_desk(federation.hq, Role.OWNER, "赵敏")


def members_everywhere(federation: Federation) -> None:
    for society, name, category in (
        (federation.welding, "李四", "senior"),
        (federation.zhejiang, "单田芳", "ordinary"),
        (federation.hq, "=陈静", "ordinary"),
    ):
        with federation.inside(society):
            standing_member(name, category)
    federation.settle()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"李四", "单田芳", "=陈静"}),
        ({"society": "201"}, {"单田芳"}),
        ({"category": "ordinary", "state": "active"}, {"单田芳", "=陈静"}),
        ({"text": "shan4"}, {"单田芳"}),
        ({"text": "Shan"}, {"单田芳"}),
        ({"text": "李"}, {"李四"}),
        ({"text": "1010000001g"}, {"李四"}),
        ({"state": "lapsed"}, set()),
        ({"society": "999"}, {"李四", "单田芳", "=陈静"}),
    ],
)
def test_the_roll(federation: Federation, zhao: Desk, query: dict[str, str], found: set[str]) -> None:
    members_everywhere(federation)
    zhao.get("/console/roll/", query)
    assert zhao.page.status_code == 200
    assert {name for name in ("李四", "单田芳", "=陈静") if name in zhao.words} == found


def test_the_roll_as_a_file(federation: Federation, zhao: Desk) -> None:
    members_everywhere(federation)
    page: Any = zhao.get("/console/roll/export.csv", {"category": "ordinary"})
    assert page.streaming
    lines = b"".join(page.streaming_content).decode().removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("Member number,Name,Society,")
    assert sorted(line.split(",")[1] for line in lines[1:]) == ["'=陈静", "单田芳"]
    with federation.inside(federation.hq):
        noted = Record.objects.get(verb="roll.exported")
        assert noted.facts == {"category": "ordinary", "format": "csv", "rows": 2}


def test_a_long_roll_is_written_in_blocks(federation: Federation, zhao: Desk) -> None:
    members_everywhere(federation)
    with federation.inside(federation.hq):
        like = RollEntry.objects.get(society="101")
        for each in range(2100):
            like.pk, like.member_id, like.number = None, uuid4(), f"101{each:07}G2"
            like.save(force_insert=True)
        mend_sums("101")
    page: Any = zhao.get("/console/roll/export.csv", {"society": "101"})
    blocks = list(page.streaming_content)
    assert [block.count(b"\r\n") for block in blocks] == [1, 2000, 101]
    zhao.get("/console/roll/", {"society": "101", "page": "85"})
    assert "2,101–2,101 of 2,101" in zhao.words


def test_opening_a_society_is_ordered(federation: Federation, zhao: Desk) -> None:
    wish = {
        "kind": "branch",
        "number": "102",
        "slug": "casting",
        "name_zh": "铸造分会",
        "name_en": "Foundry Branch",
        "owner_name": "孙七",
        "owner_email": "sun@example.org",
        "reason": "理事会决议",
    }
    page = "/console/societies/open/"
    for wrong, field in (
        ({"slug": "No Host"}, "slug"),
        ({"number": "201"}, "number"),
        ({"number": "101"}, "number"),
        ({"slug": "welding"}, "number"),
        ({"owner_email": ""}, "owner_email"),
        ({"reason": " "}, "reason"),
        ({"kind": "headquarters"}, "kind"),
        ({"name_en": ""}, "name_en"),
    ):
        zhao.post(page, {**wish, **wrong})
        assert zhao.page.status_code == 422, wrong
        assert field in zhao.errors, (wrong, zhao.errors)
    with federation.inside(federation.hq):
        assert not SocietyOrder.objects.exists()
    zhao.post(page, wish, follow=True)
    with federation.inside(federation.hq):
        order = SocietyOrder.objects.get()
        assert (order.verb, order.society, order.details["slug"]) == ("open", "102", "casting")
        assert order.ordered_by == f"user:{zhao.user.pk} 赵敏"  # type: ignore[union-attr]
        assert Record.objects.get(verb="society.open_ordered").reason == "理事会决议"
    assert "102 Foundry Branch" in zhao.words
    # How it goes, and what is told of the society once it is there, are both looked at again.
    assert zhao.text.count('data-refresh="" data-every="2"') == 2
    assert "Finished —" in zhao.words.split("This page looks again by itself.")[-1]
    with federation.inside(federation.hq):
        SocietyOrder.objects.update(state="running", progress=40, message="Replaying the template")
    zhao.get(f"/console/orders/{order.pk}/")
    assert "Running Replaying the template" in zhao.words
    assert '<progress max="100" value="40"' in zhao.text
    with federation.inside(federation.hq):
        SocietyOrder.objects.update(state="failed", progress=100, message="The disk is full")
    zhao.get(f"/console/orders/{order.pk}/")
    assert "The order could not be carried out." in zhao.words
    assert "data-refresh" not in zhao.text
    zhao.get("/console/societies/")
    assert "Open a society 102 Failed 赵敏" in zhao.words


def test_suspending_asks_why_and_never_headquarters(federation: Federation, zhao: Desk) -> None:
    zhao.get("/console/societies/")
    assert "201 Zhejiang Society of Mechanical Engineering 浙江省机械工程学会 Provincial society Open" in zhao.words
    assert "/console/societies/100/" not in zhao.text
    page = "/console/societies/201/suspend/"
    zhao.get(page)
    assert "Suspend this society?" in zhao.words
    zhao.post(page, {"reason": ""})
    assert zhao.page.status_code == 422
    zhao.post("/console/societies/100/suspend/", {"reason": "x"})
    assert zhao.page.status_code == 422
    assert "Headquarters is never suspended." in zhao.words
    for nowhere in ("/console/societies/999/suspend/", "/console/societies/201/destroy/"):
        zhao.post(nowhere, {"reason": "x"})
        assert zhao.page.status_code == 404
    with federation.inside(federation.hq):
        assert not SocietyOrder.objects.exists()
    zhao.post(page, {"reason": "换届"}, follow=True)
    assert "Ordered" in zhao.words
    with federation.inside(federation.hq):
        order = SocietyOrder.objects.get()
        assert (order.verb, order.society, order.reason) == ("suspend", "201", "换届")


def test_books_are_compared_and_repaired(federation: Federation, zhao: Desk) -> None:
    members_everywhere(federation)
    zhao.get("/console/border/")
    assert zhao.words.count("never compared") == 3
    zhao.post("/console/border/reconcile/", follow=True)
    assert "Asked." in zhao.words
    assert zhao.words.count("being compared") == 3
    assert 'id="lag" data-refresh' in zhao.text
    federation.settle()
    zhao.get("/console/border/")
    assert zhao.words.count("up to date agree") == 3
    assert "data-refresh" not in zhao.text
    with federation.inside(federation.hq):
        RollEntry.objects.filter(society="101").delete()
    zhao.post("/console/border/reconcile/", {"number": "101"})
    federation.settle()
    with federation.inside(federation.hq):
        found = Reconciliation.objects.latest("pk")
        assert found.agrees is False
    zhao.get(f"/console/border/comparisons/{found.pk}/")
    assert "Result differ" in zhao.words
    assert "Roll of members" in zhao.words
    zhao.post(f"/console/border/comparisons/{found.pk}/repair/", follow=True)
    federation.settle()
    with federation.inside(federation.hq):
        assert RollEntry.objects.get(society="101").state == "active"
        assert Reconciliation.objects.latest("pk").agrees is True
    zhao.post("/console/border/reconcile/", {"number": "999"}, follow=True)
    assert "There is no society with number 999." in zhao.words


def test_a_parked_message_is_handled_again(federation: Federation, zhao: Desk) -> None:
    at = clock.now()
    with federation.inside(federation.hq):
        message = InboxMessage.objects.create(
            message_id=uuid4(), sender="101", sequence=900, type="case.closed", version=1, subject="application:7",
            payload={"application_id": str(uuid4()), "reason": "secret payload"}, occurred_at=at, received_at=at,
            state="parked", attempts=10, error="KeyError (federation/codec.py:12 in decode)",
        )  # fmt: skip
    zhao.get("/console/border/")
    assert "case.closed Welding Branch" in zhao.words
    zhao.get(f"/console/border/parked/{message.pk}/")
    assert "KeyError (federation/codec.py:12 in decode)" in zhao.words
    assert "secret payload" not in zhao.text
    zhao.post(f"/console/border/parked/{message.pk}/replay/", follow=True)
    assert "The message waits again" in zhao.words
    with federation.inside(federation.hq):
        assert InboxMessage.objects.get(pk=message.pk).state == "waiting"
        assert Record.objects.get(verb="message.replayed").facts["sender"] == "101"
    federation.settle()
    zhao.post(f"/console/border/parked/{message.pk}/replay/", follow=True)
    assert "This message is not parked." in zhao.words
    zhao.get(f"/console/border/parked/{message.pk}/")
    assert zhao.page.status_code == 404


def test_resolutions_are_recorded_once(federation: Federation, zhao: Desk) -> None:
    zhao.get("/console/resolutions/")
    assert "No resolution is on record yet" in zhao.words
    wish = {
        "number": "理事会〔2026〕7号",
        "meeting": "第三届理事会第二次会议",
        "resolved_on": "2026-05-20",
        "subject": "会费标准",
        "text": "同意。\n第二段。",
    }
    page = "/console/resolutions/new/"
    zhao.post(page, {**wish, "resolved_on": "2026-02-30", "text": ""})
    assert set(zhao.errors) == {"resolved_on", "text"}
    zhao.post(page, wish, follow=True)
    assert "The resolution is on record." in zhao.words
    assert "同意。<br>第二段。" in zhao.text
    assert "Grant honorary membership" not in zhao.words
    zhao.post(page, wish)
    assert zhao.errors == {"number": "A resolution with this number is recorded already."}
    with federation.inside(federation.hq):
        assert Resolution.objects.count() == 1
    zhao.get("/console/resolutions/")
    assert "理事会〔2026〕7号 会费标准" in zhao.words


def test_honouring_by_resolution(federation: Federation, zhao: Desk) -> None:
    with federation.inside(federation.hq):
        kept = list(SchemeVersion.objects.all())
        aiet = load_preset("aiet")
        SchemeVersion.objects.all().delete()
        SchemeVersion.objects.create(
            key=aiet.key, version=1, effective_on=aiet.effective_on, document=aiet.to_data(), published_at=clock.now()
        )
        forget_schemes()
        resolution = Resolution.objects.create(
            number="2026-7",
            meeting="理事会",
            resolved_on="2026-05-20",
            subject="荣誉",
            text="同意",
            recorded_by="system",
            recorded_at=clock.now(),
        )
    try:
        page = f"/console/resolutions/{resolution.pk}/honour/"
        zhao.post(page, {"name": "钱学", "category": "honorary", "term": "51"})
        assert list(zhao.errors) == ["term"]
        zhao.post(page, {"name": "钱学", "category": "honorary", "term": "2", "email": "qian@example.org"}, follow=True)
        assert "钱学 is a member with number" in zhao.words
        with federation.inside(federation.hq):
            member = Member.objects.get()
            assert (member.category, member.years.count()) == ("honorary", 2)
        assert f"钱学 {member.number} Honorary" in zhao.words
        zhao.post(page, {"name": "钱学", "category": "honorary", "term": "2", "email": "qian@example.org"})
        assert zhao.page.status_code == 422
        assert "has been granted membership already" in zhao.words
    finally:
        with federation.inside(federation.hq):
            SchemeVersion.objects.all().delete()
            SchemeVersion.objects.bulk_create(kept)
            forget_schemes()


def test_a_posted_page_needs_its_token(federation: Federation, zhao: Desk) -> None:
    zhao.client.handler.enforce_csrf_checks = True
    zhao.post("/console/border/reconcile/")
    assert zhao.page.status_code == 403
    with federation.inside(federation.hq):
        assert not Reconciliation.objects.exists()
    assert isinstance(zhao.client, Client)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["Question Headquarters Provincial society Branch", "Applications decides endorses; headquarters"],
        ),
        ("zh-hans", ["事项 工作总部 省级学会 分会", "学会编号 100 201–299 101–199"]),
    ],
)
def test_the_law_of_each_kind_is_said(federation: Federation, language: str, words: list[str]) -> None:
    zhao = at_desk(federation.hq, Role.OWNER, "赵敏", language=language)
    zhao.get("/console/societies/")
    assert [each for each in words if each not in zhao.words] == []
    rows = zhao.page.context["law"]  # type: ignore[attr-defined]
    for kind, law in LAW.items():
        at = [*LAW].index(kind) + 1
        said = [str(row.cells[at]) for row in rows]
        for other in LAW:
            same = [str(row.cells[[*LAW].index(other) + 1]) for row in rows]
            assert (said == same) == (law == LAW[other])


def test_the_overview_says_what_is_not_in_order_at_the_border(world: World) -> None:
    zhao = Desk(world.federation.hq, world.officer)
    zhao.get("/console/federation/")
    assert "The border needs a look 1 message is parked at headquarters To the border" in zhao.words
    with world.federation.inside(world.federation.hq):
        InboxMessage.objects.filter(state="parked").delete()
        Reconciliation.objects.create(society="201", asked_at=clock.now(), agrees=False)
    zhao.get("/console/federation/")
    assert "the books differ from those of Zhejiang Society of Mechanical Engineering" in zhao.words
    with world.federation.inside(world.federation.hq):
        Reconciliation.objects.create(society="201", asked_at=clock.now(), agrees=True)
    zhao.get("/console/federation/")
    assert "The border needs a look" not in zhao.words
    assert "Cases to decide by age" in zhao.words
