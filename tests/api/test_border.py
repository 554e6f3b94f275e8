"""The border, reconciliation, orders and resolutions by program."""

from typing import Any

import pytest

from config import orders as carrying_out
from federation.ledger.models import Reconciliation, Resolution, RollEntry, SocietyOrder
from federation.models import InboxMessage
from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.members.models import Member
from kit import clock
from tests.api.callers import Caller, problem, staff
from tests.api.walks import become_student
from tests.federation_fixture import Federation

SCOPES = (
    "summary:read",
    "border:write",
    "roll:read",
    "societies:write",
    "resolutions:write",
    "cases:read",
    "payments:read",
    "fees:read",
)


@pytest.fixture
def zhao(federation: Federation) -> Caller:
    return staff(federation.hq, Role.OWNER, *SCOPES, name="Zhao")


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.REGISTRAR, "applications:write", "members:read")


def quiet(society: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "society": society,
        "name": {"zh": zh, "en": en},
        "undelivered": 0,
        "waiting": 0,
        "parked": 0,
        "lag_seconds": 0.0,
        "reconciled_at": None,
        "agrees": None,
        "differences": 0,
    }


def test_a_quiet_border(zhao: Caller) -> None:
    assert zhao.get("border/").json()["results"] == [
        quiet("100", "中国机械工程学会工作总部", "CMES Headquarters"),
        quiet("101", "焊接分会", "Welding Branch"),
        quiet("201", "浙江省机械工程学会", "Zhejiang Society of Mechanical Engineering"),
    ]


def test_what_has_not_left_yet(federation: Federation, wang: Caller, zhao: Caller) -> None:
    become_student(wang)
    welding = zhao.get("border/").json()["results"][1]
    assert welding["undelivered"] > 0
    assert 0 < welding["lag_seconds"] < 60
    federation.settle()
    assert zhao.get("border/").json()["results"][1]["undelivered"] == 0


def test_a_parked_message_is_handled_again(federation: Federation, wang: Caller, zhao: Caller) -> None:
    become_student(wang)
    federation.settle()
    with federation.inside(federation.hq):
        RollEntry.objects.all().delete()
        message = InboxMessage.objects.filter(type="member.reported").latest("id")
        InboxMessage.objects.filter(pk=message.pk).update(state="parked", attempts=10, error="Refusal: for a test")
    assert zhao.get("border/").json()["results"][0]["parked"] == 1
    (parked,) = zhao.get("parked-messages/").json()["results"]
    assert parked == {
        "id": message.pk,
        "sender": "101",
        "sequence": message.sequence,
        "type": "member.reported",
        "subject": message.subject,
        "occurred_at": message.occurred_at.isoformat().replace("+00:00", "Z"),
        "attempts": 10,
        "error": "Refusal: for a test",
    }
    path = f"parked-messages/{message.pk}/replay/"
    chen = staff(federation.hq, Role.OWNER, "summary:read", name="Chen")
    assert problem(chen.post(path)) == (403, "forbidden")
    assert zhao.post(path).status_code == 202
    federation.settle()
    assert zhao.get("parked-messages/").json()["count"] == 0
    assert zhao.get("roll/").json()["count"] == 1
    assert problem(zhao.post(path)) == (409, "not_parked")
    with federation.inside(federation.hq):
        assert Record.objects.get(verb="message.replayed").facts["error"] == "Refusal: for a test"


def test_reconcile_and_repair(federation: Federation, wang: Caller, zhao: Caller) -> None:
    become_student(wang)
    federation.settle()
    asked = zhao.post("reconciliations/", key="k-1")
    assert asked.status_code == 202
    assert [(each["society"], each["agrees"]) for each in asked.json()["results"]] == [
        ("100", None),
        ("101", None),
        ("201", None),
    ]
    assert zhao.post("reconciliations/", key="k-1").content == asked.content
    federation.settle()
    assert [each["agrees"] for each in zhao.get("reconciliations/").json()["results"]] == [True] * 3
    assert zhao.get("border/").json()["results"][1]["agrees"] is True

    with federation.inside(federation.hq):
        RollEntry.objects.all().delete()
    with federation.inside(federation.welding):
        member = Member.objects.get()
    (one,) = zhao.post("reconciliations/", {"societies": ["101", "101"]}).json()["results"]
    federation.settle()
    found = zhao.get(f"reconciliations/{one['id']}/").json()
    *sums, difference = found["differences"]  # the row is gone, and what it had been counted in is too high
    assert {each["aggregate"] for each in sums} == {"sums"}
    assert (found["agrees"], difference["aggregate"], difference["id"]) == (False, "members", str(member.pk))
    assert (difference["here"], len(difference["there"]) > 0) == ("", True)
    assert zhao.get("reconciliations/", state="differs").json()["count"] == 1
    border = zhao.get("border/").json()["results"][1]
    assert (border["agrees"], border["differences"]) == (False, 1 + len(sums))

    assert zhao.post(f"reconciliations/{one['id']}/repair/").json() == {"rows": 1 + len(sums)}
    federation.settle()
    assert zhao.get("roll/").json()["results"][0]["member_id"] == str(member.pk)
    zhao.post("reconciliations/", {"societies": ["101"]})
    federation.settle()
    assert zhao.get("reconciliations/", society="101").json()["results"][0]["agrees"] is True


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"societies": ["999"]}, (422, "unknown_society")),
        ({"societies": []}, (400, "invalid")),
        ({"societies": "101"}, (400, "invalid")),
        ({"societies": [["101"]]}, (400, "invalid")),
    ],
)
def test_who_cannot_be_asked(federation: Federation, zhao: Caller, body: Any, told: tuple[int, str]) -> None:
    assert problem(zhao.post("reconciliations/", body)) == told
    with federation.inside(federation.hq):
        assert Reconciliation.objects.count() == 0


DETAILS = {
    "kind": "branch",
    "slug": "foundry",
    "name_zh": "铸造分会",
    "name_en": "Foundry Branch",
    "owner_name": "李明",
    "owner_email": "li@example.org",
}
FOUNDRY = {
    "verb": "open",
    "society": "102",
    "details": DETAILS,
    "reason": "Founded by resolution 2026/4.",
}


@pytest.fixture
def unsent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker was told; there is none in these tests."""
    from celery import current_app

    told: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_options: told.append(f"{name} {args[0]}"))
    return told


def test_an_order(federation: Federation, zhao: Caller, unsent: list[str]) -> None:
    answer = zhao.post("society-orders/", FOUNDRY, key="k-1")
    assert answer.status_code == 202, answer.content
    with federation.inside(federation.hq):
        order = SocietyOrder.objects.get()
        record = Record.objects.get(verb="society.open_ordered")
    assert answer.json() == {
        "id": str(order.pk),
        "verb": "open",
        "society": "102",
        "details": DETAILS,
        "reason": FOUNDRY["reason"],
        "ordered_by": order.ordered_by,
        "ordered_at": order.ordered_at.isoformat().replace("+00:00", "Z"),
        "state": "ordered",
        "progress": 0,
        "message": "",
        "finished_at": None,
    }
    assert answer["Location"] == f"/api/v1/society-orders/{order.pk}/"
    assert zhao.get(f"society-orders/{order.pk}/").json() == answer.json()
    assert zhao.post("society-orders/", FOUNDRY, key="k-1").content == answer.content
    assert unsent == [f"config.orders.carry_out {order.pk}"]
    assert (record.subject_id, record.reason) == ("102", FOUNDRY["reason"])


def test_an_order_is_carried_out(federation: Federation, zhao: Caller, unsent: list[str]) -> None:
    suspend = zhao.post("society-orders/", {"verb": "suspend", "society": "201", "reason": "Asked for it."}).json()
    try:
        carrying_out.carry_out(suspend["id"])
        done = zhao.get(f"society-orders/{suspend['id']}/").json()
        assert (done["state"], done["progress"]) == ("done", 100)
        assert Caller(federation.zhejiang).get("societies/").status_code == 503
        assert Caller(federation.welding).get("societies/201/").json()["state"] == "suspended"
        assert zhao.get("society-orders/", state="done").json()["count"] == 1
        assert zhao.get("society-orders/", society="101").json()["count"] == 0
    finally:
        resume = zhao.post("society-orders/", {"verb": "resume", "society": "201", "reason": "Over."}).json()
        carrying_out.carry_out(resume["id"])
    assert Caller(federation.zhejiang).get("societies/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": ""}, (400, "invalid")),
        ({"verb": "close"}, (400, "invalid")),
        ({"society": "2"}, (400, "invalid")),
        ({"society": None}, (400, "invalid")),
        ({"details": None}, (400, "invalid")),
        ({"details": {**DETAILS, "slug": "Foundry!"}}, (422, "bad_slug")),
        ({"details": {**DETAILS, "owner_email": ""}}, (422, "owner_needed")),
        ({"details": {**DETAILS, "owner_name": " "}}, (422, "owner_name_needed")),
        ({"details": {**DETAILS, "kind": "headquarters"}}, (400, "invalid")),
        ({"society": "101"}, (409, "society_exists")),
        ({"society": "201"}, (422, "bad_number")),
        ({"verb": "suspend", "society": "100"}, (422, "not_headquarters")),
        ({"verb": "suspend", "society": "999"}, (404, "unknown_society")),
    ],
)
def test_an_order_that_cannot_be_meant(
    federation: Federation, zhao: Caller, unsent: list[str], changes: dict[str, Any], told: tuple[int, str]
) -> None:
    wish = {name: value for name, value in {**FOUNDRY, **changes}.items() if value is not None}
    assert problem(zhao.post("society-orders/", wish)) == told
    with federation.inside(federation.hq):
        assert SocietyOrder.objects.count() == 0
    assert unsent == []


RESOLUTION = {
    "number": "2026/12",
    "meeting": "Council, 4th session",
    "resolved_on": "2026-03-01",
    "subject": "Rules",
    "text": "The council resolves.",
}


def test_a_resolution(federation: Federation, zhao: Caller) -> None:
    answer = zhao.post("resolutions/", RESOLUTION, key="k-1")
    assert answer.status_code == 201
    with federation.inside(federation.hq):
        stored = Resolution.objects.get()
    row = {
        "id": stored.pk,
        **RESOLUTION,
        "recorded_by": stored.recorded_by,
        "recorded_at": stored.recorded_at.isoformat().replace("+00:00", "Z"),
    }
    assert answer.json() == row
    assert zhao.get("resolutions/").json()["results"] == [row]
    assert zhao.post("resolutions/", RESOLUTION, key="k-1").content == answer.content
    assert problem(zhao.post("resolutions/", RESOLUTION)) == (409, "resolution_exists")
    with federation.inside(federation.hq):
        assert Record.objects.filter(verb="resolution.recorded").count() == 1


def test_honour(federation: Federation, zhao: Caller) -> None:
    """The cmes scheme grants nothing by resolution, and says so."""
    zhao.post("resolutions/", RESOLUTION)
    wish = {"name": "陈静", "email": "chen@example.org", "resolution": "2026/12", "term": 5}
    assert problem(zhao.post("honorary-members/", wish)) == (422, "honorary_unknown")
    with federation.inside(federation.hq):
        assert Member.objects.count() == 0


# token and roles, then what the list itself asks
LISTS = {
    "border/": 3,
    "cases/": 4,
    "fees/": 4,
    "parked-messages/": 4,
    "payments/": 4,
    "reconciliations/": 4,
    "resolutions/": 4,
    "roll/": 4,
    "society-orders/": 4,
    "summary/": 6,
}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same(
    federation: Federation, zhao: Caller, path: str, count: int, django_assert_num_queries: Any
) -> None:
    with federation.inside(federation.hq):
        for number in range(count):
            _fill(number)
    zhao.get(path)
    with federation.inside(federation.hq), django_assert_num_queries(LISTS[path]):
        answer = zhao.get(path).json()
    rows = answer["societies"] if path == "summary/" else answer["results"]
    assert len(rows) == (3 if path in ("border/", "summary/") else count)


def _fill(number: int) -> None:
    """One row of everything that headquarters lists."""
    from datetime import date
    from uuid import uuid4

    from federation.contracts import FeeReported, MemberReported
    from federation.ledger.models import Case
    from federation.ledger.receiving import receive_fee, receive_member
    from huilian.payments.models import PaymentAttempt
    from tests.billing.cast import opened

    at, day = clock.now(), date(2026, 3, 1)
    society = ("100", "101", "201")[number]
    Case.objects.create(
        society=society,
        application_id=uuid4(),
        step_index=0,
        reference=f"A{number}",
        scheme_version=1,
        opened_at=at,
    )
    no_hashes: dict[str, Any] = {"phone_hash": "", "email_hash": "", "id_number_hash": ""}
    receive_member(
        MemberReported(
            member_id=uuid4(),
            number=f"{society}000000{number}P",
            kind="person",
            category="ordinary",
            state="active",
            member_name="李明",
            sort_key="li3 ming2",
            channel="branch",
            referral_code="",
            joined_on=day,
            from_on=day,
            to_on=None,
            row_version=1,
            **no_hashes,
        ),
        society,
        at,
    )
    receive_fee(
        FeeReported(
            bill_id=uuid4(),
            society=society,
            number=f"B{number}",
            category="ordinary",
            years=1,
            amount_minor=5000,
            currency="CNY",
            state="open",
            opened_at=at,
            settled_at=None,
            row_version=1,
        ),
        "100",
        at,
    )
    Reconciliation.objects.create(society=society, asked_at=at, answered_at=at, agrees=True, statement={"x": 1})
    Resolution.objects.create(number=str(number), resolved_on=day, recorded_at=at)
    SocietyOrder.objects.create(verb="suspend", society=society, ordered_at=at)
    InboxMessage.objects.create(
        message_id=uuid4(),
        sender=society,
        sequence=1000 + number,
        type="member.reported",
        version=1,
        subject=f"member:{number}",
        payload={},
        occurred_at=at,
        received_at=at,
        state="parked",
    )
    PaymentAttempt.objects.create(
        bill=opened(), provider="remittance", amount_minor=5000, currency="CNY", reported_at=at
    )
