"""A member is found by number, name, sound, phone or e-mail, in one query, and only in the own society."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huilian.accounts.hashing import contact_hash
from huilian.members.models import Member
from huilian.members.queries import MemberFilters, Tally, find_member, search_members, tally
from huilian.members.recommending import recommender_from, recommender_named, recommender_with_code
from huilian.members.services import end_member
from kit.errors import Refusal
from tests.members.cast import AT, SCHEME, TODAY, activate, application_of


@pytest.fixture
def people(in_welding: Any) -> dict[str, Member]:
    rows = [
        ("李四", "+8613800000001", "ordinary"),
        ("单田芳", "+8613800000002", "senior"),
        ("John Smith", "+8613800000003", "student"),
        ("李思思", "+8613800000004", "ordinary"),
        ("100%_纯\\钢", "+8613800000005", "ordinary"),
    ]
    return {
        name: activate(
            application_of(
                name,
                phone=phone,
                email=f"{phone[-1]}@example.org",
                email_hash=contact_hash("email", f"{phone[-1]}@example.org"),
            ),
            category=category,
        )
        for name, phone, category in rows
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["100%_纯\\钢", "John Smith", "李四", "李思思", "单田芳"]),
        ("李", ["李四", "李思思"]),
        ("lisi", ["李四", "李思思"]),
        ("Li Si", ["李四", "李思思"]),
        ("ls", ["李四", "李思思"]),
        ("lss", ["李思思"]),
        ("shan", ["单田芳"]),
        ("dan", []),
        ("tianfang", ["单田芳"]),
        ("stf", ["单田芳"]),
        ("smith", ["John Smith"]),
        ("js", ["John Smith"]),
        ("1010000002", ["单田芳"]),
        (f"1010000002{SCHEME.category('senior').grade_letter.lower()}", ["单田芳"]),
        ("138 0000 0003", ["John Smith"]),
        ("+86 13800000004", ["李思思"]),
        ("1@EXAMPLE.org", ["李四"]),
        ("%", ["100%_纯\\钢"]),
        ("_", ["100%_纯\\钢"]),
        ("---", []),
        ("\\", ["100%_纯\\钢"]),
        ("(", []),
        ("' OR 1=1 --", []),
    ],
)
def test_what_one_types_finds_whom_one_means(people: dict[str, Member], text: str, names: list[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = [member.name for member in search_members(text)]
    assert len(queries) == 1
    assert found == sorted(names, key=lambda name: (people[name].sort_key, people[name].number))


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (MemberFilters(category="ordinary"), {"李四", "李思思", "100%_纯\\钢"}),
        (MemberFilters(category="ordinary", state="ended"), {"李四"}),
        (MemberFilters(kind="institution"), set()),
        (MemberFilters(channel="branch", category="student"), {"John Smith"}),
        (MemberFilters(standing_on=TODAY), {"单田芳", "John Smith", "李思思", "100%_纯\\钢"}),
        (MemberFilters(standing_on=date(2027, 6, 1)), set()),
        (MemberFilters(referral_code="101-KQ27-M9TX-C"), set()),
    ],
)
def test_filters_narrow(people: dict[str, Member], filters: MemberFilters, names: set[str]) -> None:
    end_member(people["李四"], reason="退会", by="user:1 Wang", at=AT)
    assert {member.name for member in search_members("", filters)} == names
    assert {member.name for member in search_members("李", filters)} == names & {"李四", "李思思"}


@pytest.mark.parametrize(("text", "code"), [("a\x00b", "text_unreadable"), ("长" * 101, "text_too_long")])
def test_an_unreadable_search_is_refused(in_welding: Any, text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        search_members(text)
    assert (caught.value.code, caught.value.field) == (code, "text")


def test_members_of_another_society_are_not_found(federation: Any) -> None:
    with federation.inside(federation.welding):
        number = activate().number
        assert find_member(f" {number[:3]} {number[3:].lower()}") is not None
    with federation.inside(federation.zhejiang):
        assert find_member(number) is None
        assert not search_members("李").exists() and not search_members("13800000001").exists()


def test_the_tally_counts_each_kind_category_and_state(people: dict[str, Member]) -> None:
    end_member(people["李四"], reason="退会", by="user:1 Wang", at=AT)
    assert tally() == [
        Tally("person", "ordinary", "active", 2),
        Tally("person", "ordinary", "ended", 1),
        Tally("person", "senior", "active", 1),
        Tally("person", "student", "active", 1),
    ]


# -- as recommenders -----------------------------------------------------------------------------------------


def test_a_member_is_found_as_recommender_by_number_and_name_together(people: dict[str, Member]) -> None:
    smith = people["John Smith"]
    found = recommender_named(smith.number.lower(), "john  SMITH", SCHEME)
    assert found is not None
    assert (found.society, found.number, found.category, found.rank) == ("101", smith.number, "student", 1)
    assert (found.from_on, found.to_on, found.ended) == (TODAY, date(2027, 6, 1), False)
    assert found.identity.phone_hash == contact_hash("phone", "+8613800000003")
    assert recommender_named(smith.number, "李四", SCHEME) is None
    assert recommender_named("1019999999P", "John Smith", SCHEME) is None
    assert recommender_named(smith.number, "", SCHEME) is None
    assert recommender_with_code(smith.pk, SCHEME) == found


def test_an_ended_member_or_one_of_an_unknown_category_is_shown_as_such(people: dict[str, Member]) -> None:
    member = people["李四"]
    end_member(member, reason="退会", by="user:1 Wang", at=AT)
    member.category = "veteran"
    facts = recommender_from(member, SCHEME, society="101")
    assert (facts.ended, facts.rank, facts.category_name) == (True, None, "veteran")
    assert not facts.in_standing(TODAY)
