"""Members by program: found by number, name, sound, phone and e-mail; identifiers masked."""

from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.applications.models import Application
from huilian.journal.models import Record
from huilian.members.models import EntitlementYear, Member
from kit import clock
from kit.clock import add_years
from referrals.models import ReferralCode
from tests.api.callers import Caller, problem, staff
from tests.api.walks import become_student
from tests.applications.forms import another, identity_number
from tests.federation_fixture import Federation

SCOPES = ("applications:write", "members:read", "codes:write")


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.REGISTRAR, *SCOPES)


def test_a_member(federation: Federation, wang: Caller) -> None:
    application = become_student(wang)
    with federation.inside(federation.welding):
        member = Member.objects.get()
        code = ReferralCode.objects.get()
    today = clock.today("Asia/Shanghai")
    until = add_years(today, 1).isoformat()
    row = {
        "id": str(member.pk),
        "number": "1010000001X",
        "kind": "person",
        "category": "student",
        "state": "active",
        "name": "李明",
        "phone": "+86138****0001",
        "email": "l***@example.org",
        "channel": "branch",
        "referral_code": "",
        "application_id": application["id"],
        "joined_on": today.isoformat(),
        "from_on": today.isoformat(),
        "to_on": until,
        "updated_at": member.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert wang.get("members/").json()["results"] == [row]
    document = wang.get(f"members/{member.pk}/").json()
    profile = document.pop("profile")
    assert (profile["name"], profile["email"], profile["mobile"]) == ("李明", "***", "***")
    assert document == {
        **row,
        "id_type": "resident",
        "id_number": "110*************" + identity_number()[-2:],
        "interests": [],
        "years": [
            {
                "category": "student",
                "from_on": today.isoformat(),
                "to_on": until,
                "bill_id": None,
                "resolution": "",
            }
        ],
        "representatives": [],
        "own_code": {
            "id": str(code.pk),
            "code": code.code,
            "link": f"http://welding.localhost:8000/r/{code.code}/",
        },
    }


@pytest.mark.parametrize(
    "query",
    [
        {"text": "1010000001X"},
        {"text": "李"},
        {"text": "liming"},
        {"text": "lm"},
        {"text": "138 0000 0001"},
        {"text": "LI@example.org"},
        {"kind": "person", "category": "student", "state": "active", "channel": "branch"},
        {"standing_on": clock.today("Asia/Shanghai").isoformat()},
    ],
)
def test_search(federation: Federation, wang: Caller, query: dict[str, str]) -> None:
    become_student(wang)
    become_student(wang, name="陈静", id_number=identity_number(serial=90), email="c@example.org", mobile=None)
    with federation.inside(federation.welding):
        Member.objects.filter(name="陈静").update(state="ended", channel="province")
    assert [each["name"] for each in wang.get("members/", **query).json()["results"]] == ["李明"]


def test_identifiers_are_shown_to_those_who_may(federation: Federation, wang: Caller) -> None:
    become_student(wang)
    path = f"members/{wang.get('members/').json()['results'][0]['id']}/"
    zhao = staff(federation.welding, Role.REGISTRAR, "members:read", "members:reveal", name="Zhao")
    shown = zhao.get(path).json()
    assert (shown["phone"], shown["email"], shown["id_number"]) == (
        "+8613800000001",
        "li@example.org",
        identity_number(),
    )
    with federation.inside(federation.welding):
        (look,) = Record.objects.filter(verb="member.revealed")
    assert (look.subject_id, look.actor.endswith(" Zhao")) == (shown["id"], True)


def test_a_scope_without_the_office_reveals_nothing(federation: Federation, wang: Caller) -> None:
    become_student(wang)
    path = f"members/{wang.get('members/').json()['results'][0]['id']}/"
    zhao = staff(federation.welding, Role.REGISTRAR, "members:read", "members:reveal", name="Zhao")
    with federation.inside(federation.welding):
        from huilian.accounts.models import RoleGrant

        RoleGrant.objects.filter(user__name="Zhao").update(role=Role.VIEWER)
    assert zhao.get(path).json()["phone"] == "+86138****0001"
    with federation.inside(federation.welding):
        assert not Record.objects.filter(verb="member.revealed").exists()


def test_a_members_own_code(federation: Federation, wang: Caller) -> None:
    become_student(wang)
    member = wang.get("members/").json()["results"][0]
    path = f"members/{member['id']}/referral-code/"
    own = wang.get(f"members/{member['id']}/").json()["own_code"]
    answer = wang.post(path)
    assert (answer.status_code, answer.json()["code"], answer.json()["kind"]) == (200, own["code"], "member")
    chen = staff(federation.welding, Role.VIEWER, "members:read", name="Chen")
    assert problem(chen.post(path)) == (403, "forbidden")


def test_a_member_of_another_society_is_not_there(federation: Federation, wang: Caller) -> None:
    become_student(wang)
    member = wang.get("members/").json()["results"][0]
    abroad = staff(federation.zhejiang, Role.OWNER, "members:read", "codes:write")
    assert abroad.get("members/").json()["results"] == []
    assert problem(abroad.get(f"members/{member['id']}/")) == (404, "not_found")
    assert problem(abroad.post(f"members/{member['id']}/referral-code/")) == (404, "not_found")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same(
    federation: Federation, wang: Caller, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        given = another("student")
        become_student(wang, **{name: given[name] for name in ("id_number", "email", "mobile")})
    wang.get("members/")
    with federation.inside(federation.welding), django_assert_num_queries(4):  # token, roles, count, rows
        assert len(wang.get("members/").json()["results"]) == count


@pytest.mark.parametrize("years", [1, 3])
def test_one_costs_the_same(federation: Federation, wang: Caller, years: int, django_assert_num_queries: Any) -> None:
    become_student(wang)
    member = wang.get("members/").json()["results"][0]
    with federation.inside(federation.welding):
        first = EntitlementYear.objects.get()
        for number in range(1, years):
            begins = add_years(first.from_on, number)
            EntitlementYear.objects.create(member_id=member["id"], category="student", from_on=begins)
        assert Application.objects.count() == 1
    path = f"members/{member['id']}/"
    wang.get(path)
    # token, roles, member, own code, years, representatives
    with federation.inside(federation.welding), django_assert_num_queries(6):
        assert len(wang.get(path).json()["years"]) == years
