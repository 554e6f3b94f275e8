"""The main job by program: from a senior's application to the roll, the fees and the summary."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from federation.ledger.models import Case, HistoryStart
from federation.ledger.projecting import MEMBERS
from federation.models import OutboxMessage
from huilian.accounts.models import Role
from huilian.billing.models import Bill
from huilian.journal.models import Record
from kit import clock
from kit.clock import add_years
from tests.api.callers import Caller, hire, problem, staff, token_of
from tests.api.walks import become_student, endorsed_senior, reported_payment, yesterday
from tests.applications.forms import another
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import AT, member

AT_HOME = ("applications:read", "applications:write", "members:read")
DESK = ("cases:read", "cases:write", "roll:read", "fees:read", "summary:read")
CASHIER = ("payments:read", "payments:write", "fees:read")


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.REGISTRAR, *AT_HOME)


@pytest.fixture
def zhao(federation: Federation) -> Caller:
    return staff(federation.hq, Role.OFFICER, *DESK, name="Zhao")


@pytest.fixture
def hua(federation: Federation) -> Caller:
    return staff(federation.hq, Role.FINANCE, *CASHIER, name="Hua")


def moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def only_case(zhao: Caller) -> dict[str, Any]:
    (case,) = zhao.get("cases/").json()["results"]
    return dict(case)


def test_from_the_desk_to_the_roll(federation: Federation, wang: Caller, zhao: Caller, hua: Caller) -> None:
    application = endorsed_senior(wang)
    federation.settle()
    with federation.inside(federation.hq):
        stored = Case.objects.get()
    case = only_case(zhao)
    assert case == {
        "id": str(stored.pk),
        "society": "101",
        "application_id": application["id"],
        "reference": application["reference"],
        "step": "review",
        "persons": 1,
        "name": "李明",
        "kind": "person",
        "category": "senior",
        "channel": "branch",
        "recommender_number": "",
        "scheme_version": 1,
        "state": "open",
        "opened_at": moment(stored.opened_at),
        "due_on": str(stored.due_on),
        "claimed_by": "",
        "claimed_at": None,
        "outcome": "",
        "decided_at": None,
        "version": 1,
    }
    detail = zhao.get(f"cases/{case['id']}/").json()
    assert detail["dossier"]["answers"]["employer"] == "第一机床厂"
    assert [paper["code"] for paper in detail["dossier"]["papers"]] == ["qualification"]
    assert (detail["decisions"], detail["duplicates"]) == ([], [])

    claimed = zhao.post(f"cases/{case['id']}/claim/").json()
    assert claimed["claimed_by"].endswith(" Zhao")
    assert zhao.get("cases/", claimed="me").json()["count"] == 1
    assert zhao.get("cases/", claimed="nobody").json()["count"] == 0
    verdict = {"outcome": "approved", "version": claimed["version"]}
    decided = zhao.post(f"cases/{case['id']}/decide/", verdict, key="verdict")
    assert (decided.status_code, decided.json()["state"], decided.json()["outcome"]) == (200, "decided", "approved")
    (decision,) = decided.json()["decisions"]
    assert (decision["officer_name"], decision["outcome"], decision["reasons"]) == ("Zhao", "approved", "")
    assert zhao.post(f"cases/{case['id']}/decide/", verdict, key="verdict").content == decided.content
    federation.settle()
    assert wang.get(f"applications/{application['id']}/").json()["step"] == "pay"

    attempt = reported_payment(federation, application)
    federation.settle()
    with federation.inside(federation.hq):
        bill = Bill.objects.get()
    shown_bill = {
        "id": str(bill.pk),
        "number": bill.number,
        "society_number": "101",
        "application_id": application["id"],
        "payer_name": "李明",
        "category": "senior",
        "years": 1,
        "amount_minor": 10000,
        "currency": "CNY",
        "state": "reported",
        "opened_at": moment(bill.opened_at),
        "due_on": str(bill.due_on),
        "settled_at": None,
    }
    (payment,) = hua.get("payments/", state="reported").json()["results"]
    assert (
        payment
        == hua.get(f"payments/{attempt.pk}/").json()
        == {
            "id": str(attempt.pk),
            "provider": "remittance",
            "amount_minor": 10000,
            "currency": "CNY",
            "state": "reported",
            "payer_name": "李明",
            "transferred_on": yesterday().isoformat(),
            "reported_at": moment(attempt.reported_at),
            "decided_at": None,
            "decided_by": "",
            "reason": "",
            "bill": shown_bill,
        }
    )
    path = f"payments/{attempt.pk}/confirm/"
    assert problem(hua.post(path, {"received_minor": 9999})) == (422, "amount_differs")
    confirmed = hua.post(path, {"received_minor": 10000}, key="money")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    assert confirmed.json()["bill"]["state"] == "settled"
    assert hua.post(path, {"received_minor": 10000}, key="money").content == confirmed.content
    assert problem(hua.post(path, {})) == (409, "already_decided")
    federation.settle()

    assert wang.get(f"applications/{application['id']}/").json()["state"] == "member"
    (member,) = wang.get("members/").json()["results"]
    today = clock.today("Asia/Shanghai")
    (entry,) = zhao.get("roll/").json()["results"]
    assert entry.pop("reported_at").endswith("Z")
    assert entry == {
        "society": "101",
        "member_id": member["id"],
        "number": "1010000001G",
        "kind": "person",
        "category": "senior",
        "state": "active",
        "name": "李明",
        "channel": "branch",
        "referral_code": "",
        "joined_on": today.isoformat(),
        "from_on": today.isoformat(),
        "to_on": add_years(today, 1).isoformat(),
    }
    (fee,) = zhao.get("fees/", state="settled", society="101").json()["results"]
    assert (fee["number"], fee["amount_minor"], fee["payee"], fee["society"]) == (bill.number, 10000, "100", "101")
    assert zhao.get("summary/", months=1).json() == {
        "on": today.isoformat(),
        "exact": True,
        "currency": "CNY",
        "members": 1,
        "in_progress": 0,
        "fees_open_minor": 0,
        "fees_settled_minor": 10000,
        "cases_open": 0,
        "cases_overdue": 0,
        "members_by_category": {"senior": 1},
        "applications_by_step": {},
        "months": zhao.get("summary/", months=1).json()["months"],
        "societies": [
            _sums("100", "中国机械工程学会工作总部", "CMES Headquarters"),
            _sums("101", "焊接分会", "Welding Branch", members=1, fees_settled_minor=10000),
            _sums("201", "浙江省机械工程学会", "Zhejiang Society of Mechanical Engineering"),
        ],
    }
    months = {(each["measure"], each["count"], each["amount_minor"]) for each in zhao.get("summary/").json()["months"]}
    assert months == {("joined", 1, 0), ("submitted", 1, 0), ("settled", 1, 10000)}


def test_the_summary_of_a_past_day(federation: Federation, zhao: Caller, django_assert_num_queries: Any) -> None:
    with federation.inside(federation.hq), transaction.atomic():
        reports = [(member(1), "101", AT), (member(2, month=2), "101", AT), (member(3, month=2), "201", AT)]
        MEMBERS.apply(reports)
        HistoryStart.objects.create(on=date(2026, 2, 5))
    zhao.get("summary/")  # what is remembered from now on is remembered
    for day, members, exact, months in (
        ("2026-01-31", 1, False, {"2026-01-01": 1}),
        ("2026-02-27", 3, True, {"2026-01-01": 1}),
        ("2026-02-28", 3, True, {"2026-01-01": 1, "2026-02-01": 2}),
        ("1999-01-01", 0, False, {}),
    ):
        with federation.inside(federation.hq), django_assert_num_queries(7):
            answer = zhao.get("summary/", as_of=day).json()
        assert (answer["on"], answer["members"], answer["exact"]) == (day, members, exact)
        assert {each["month"]: each["count"] for each in answer["months"]} == months
        assert sum(each["members"] for each in answer["societies"]) == members
    for wrong in ("2999-01-01", "1899-12-31", "2026-02-30", "x"):
        answer = zhao.get("summary/", as_of=wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def _sums(number: str, zh: str, en: str, **sums: int) -> dict[str, Any]:
    nought = dict.fromkeys(("members", "lapsed", "in_progress", "refused", "fees_open_minor", "fees_settled_minor"), 0)
    return {"number": number, "name": {"zh": zh, "en": en}, "state": "open", **nought, **sums}


def test_a_refusal_needs_reasons_and_travels_home(federation: Federation, wang: Caller, zhao: Caller) -> None:
    application = endorsed_senior(wang)
    federation.settle()
    path = f"cases/{only_case(zhao)['id']}/decide/"
    assert problem(zhao.post(path, {"outcome": "refused"})) == (422, "reasons_needed")
    assert problem(zhao.post(path, {"outcome": "perhaps"})) == (400, "invalid")
    done = zhao.post(path, {"outcome": "refused", "reasons": "The title is not a senior one."}).json()
    assert (done["outcome"], done["decisions"][0]["reasons"]) == ("refused", "The title is not a senior one.")
    federation.settle()
    home = wang.get(f"applications/{application['id']}/").json()
    assert (home["state"], home["reasons"]) == ("refused", "The title is not a senior one.")
    with federation.inside(federation.hq):
        record = Record.objects.get(verb="case.refused")
    assert (record.reason, record.facts["reference"]) == ("The title is not a senior one.", application["reference"])


def test_what_another_officer_has_is_not_mine(federation: Federation, wang: Caller, zhao: Caller) -> None:
    endorsed_senior(wang)
    federation.settle()
    case = only_case(zhao)
    qian = staff(federation.hq, Role.OFFICER, *DESK, name="Qian")
    assert zhao.post(f"cases/{case['id']}/claim/").status_code == 200
    assert problem(qian.post(f"cases/{case['id']}/claim/")) == (409, "case_taken")
    assert problem(qian.post(f"cases/{case['id']}/decide/", {"outcome": "approved"})) == (409, "case_taken")
    qian.post(f"cases/{case['id']}/release/")
    assert only_case(zhao)["claimed_by"].endswith(" Zhao")
    zhao.post(f"cases/{case['id']}/release/")
    assert qian.post(f"cases/{case['id']}/decide/", {"outcome": "approved", "version": 7}).status_code == 409
    assert qian.post(f"cases/{case['id']}/decide/", {"outcome": "approved", "version": 1}).status_code == 200
    assert problem(zhao.post(f"cases/{case['id']}/decide/", {"outcome": "refused", "reasons": "x"})) == (
        409,
        "already_decided",
    )
    with federation.inside(federation.hq):
        assert OutboxMessage.objects.filter(type="verdict.given").count() == 1


def test_the_recommender_cannot_decide(federation: Federation, wang: Caller) -> None:
    """Zhao is a member of the welding branch, by the same e-mail as the account at headquarters."""
    become_student(wang, name="赵敏", email="zhao@hq.example.org", mobile=None)
    federation.settle()
    endorsed_senior(wang, **another("senior"))
    federation.settle()
    officer = hire(federation.hq, Role.OFFICER, name="Zhao", email="zhao@hq.example.org")
    zhao = Caller(federation.hq, token_of(federation.hq, officer, *DESK))
    case = only_case(zhao)
    with federation.inside(federation.hq):
        Case.objects.update(recommender_number="1010000001X")
    assert problem(zhao.post(f"cases/{case['id']}/decide/", {"outcome": "approved"})) == (403, "recommender_decides")
    assert only_case(zhao)["state"] == "open"
    other = staff(federation.hq, Role.OFFICER, *DESK, name="Qian")
    assert other.post(f"cases/{case['id']}/decide/", {"outcome": "approved"}).status_code == 200


def test_duplicates_say_where_and_never_who(federation: Federation, wang: Caller, zhao: Caller) -> None:
    abroad = staff(federation.zhejiang, Role.REGISTRAR, *AT_HOME)
    become_student(abroad)
    endorsed_senior(wang)
    federation.settle()
    (found,) = zhao.get(f"cases/{only_case(zhao)['id']}/").json()["duplicates"]
    assert found == {
        "society": "201",
        "what": "member",
        "state": "active",
        "same": ["phone", "email", "id_number"],
        "reapply_on": None,
    }


def test_a_rejected_payment_is_open_again(federation: Federation, wang: Caller, zhao: Caller, hua: Caller) -> None:
    application = endorsed_senior(wang)
    federation.settle()
    zhao.post(f"cases/{only_case(zhao)['id']}/decide/", {"outcome": "approved"})
    federation.settle()
    attempt = reported_payment(federation, application)
    path = f"payments/{attempt.pk}/reject/"
    assert problem(hua.post(path, {})) == (400, "invalid")
    assert problem(zhao.post(path, {"reason": "x"})) == (403, "forbidden")
    done = hua.post(path, {"reason": "No such transfer."}).json()
    assert (done["state"], done["reason"], done["bill"]["state"]) == ("rejected", "No such transfer.", "open")
    assert done["decided_by"].endswith(" Hua")
    assert hua.get("payments/", text="李").json()["count"] == 1
    assert hua.get("payments/", text="nobody").json()["count"] == 0


def test_a_reader_decides_nothing(federation: Federation, wang: Caller, zhao: Caller) -> None:
    endorsed_senior(wang)
    federation.settle()
    case = only_case(zhao)
    chen = staff(federation.hq, Role.OFFICER, "cases:read", name="Chen")
    for act, body in (("claim", {}), ("release", {}), ("decide", {"outcome": "approved"})):
        assert problem(chen.post(f"cases/{case['id']}/{act}/", body)) == (403, "forbidden")
    assert only_case(zhao) == case


def test_a_front_door_ticket_for_a_named_recommender(federation: Federation, wang: Caller) -> None:
    become_student(wang)
    federation.settle()
    door = Caller(federation.hq)
    wish = {
        "category": "student",
        "channel": "member",
        "recommender_number": "1010000001x",
        "recommender_name": "李明",
    }
    answer = door.post("tickets/", wish)
    assert answer.status_code == 201, answer.content
    ticket = answer.json()
    assert (ticket["society"], ticket["category"], ticket["channel"]) == ("101", "student", "member")
    assert ticket["apply_url"] == "http://welding.localhost:8000/apply/"
    assert ticket["api_url"] == "http://welding.localhost:8000/api/v1/applications/"
    chen = another("student")
    applied = wang.post("applications/", {"ticket": ticket["ticket"], "answers": chen, "contact": chen["email"]})
    assert applied.status_code == 201, applied.content
    assert applied.json()["recommender_number"] == "1010000001X"
    abroad = staff(federation.zhejiang, Role.REGISTRAR, *AT_HOME)
    stolen = abroad.post("applications/", {"ticket": ticket["ticket"], "answers": chen, "contact": chen["email"]})
    assert problem(stolen) == (403, "bad_ticket")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category": "senior"}, "recommender_of_lower_rank"),
        ({"recommender_name": "李明明"}, "recommender_unknown"),
        ({"recommender_number": "1010000009X"}, "recommender_unknown"),
        ({"channel": "institution"}, "recommender_wrong_kind"),
        ({"recommender_name": ""}, "channel_incomplete"),
        ({"society": "101"}, "channel_not_one"),
    ],
)
def test_a_recommender_who_may_not(federation: Federation, wang: Caller, changes: dict[str, Any], code: str) -> None:
    become_student(wang)
    federation.settle()
    wish = {"category": "student", "channel": "member", "recommender_number": "1010000001X", "recommender_name": "李明"}
    assert problem(Caller(federation.hq).post("tickets/", {**wish, **changes})) == (422, code)
