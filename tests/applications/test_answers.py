"""Forms are checked as a whole: every problem is named beside its field, and rare names pass."""

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huilian.applications.answers import Answers, check_answers, check_draft
from huilian.applications.refusals import Problems
from huilian.schemes.fields import CATALOGUE
from huilian.schemes.loading import load_preset
from tests.applications.forms import identity_number, institution, person, senior, student

CMES, AIET = load_preset("cmes"), load_preset("aiet")
ON = date(2026, 3, 2)
BRANCHES = ["101", "102", "103", "104"]


def check(code: str, answers: dict[str, Any], scheme: Any = CMES) -> Answers:
    return check_answers(scheme, scheme.category(code), answers, branches=BRANCHES, on=ON)


def problems(code: str, answers: dict[str, Any], scheme: Any = CMES) -> dict[str, list[str]]:
    with pytest.raises(Problems) as refused:
        check(code, answers, scheme)
    return {field: [p.code for p in found] for field, found in refused.value.by_field.items()}


def test_all_that_is_missing_is_named_at_once() -> None:
    found = problems("ordinary", {})
    required = CMES.category("ordinary").required_fields
    assert found == {code: ["answer_missing"] for code in required}


def test_spaces_are_no_answer() -> None:
    assert problems("ordinary", person(school="　 ", employer="")) == {
        "school": ["answer_missing"],
        "employer": ["answer_missing"],
    }


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({"mobile": "12345"}, {"mobile": ["phone_invalid"]}),
        ({"email": "li at example"}, {"email": ["email_invalid"]}),
        ({"degree": "emperor"}, {"degree": ["choice_unknown"]}),
        ({"birth_date": "7 March"}, {"birth_date": ["date_malformed"]}),
        ({"birth_date": "2026-02-30"}, {"birth_date": ["date_malformed"]}),
        ({"birth_date": "2027-01-01"}, {"birth_date": ["date_impossible"]}),
        ({"birth_date": "1066-10-14"}, {"birth_date": ["date_impossible"]}),
        ({"birth_date": "1990-03-08"}, {"birth_date": ["birth_date_differs"]}),
        ({"id_number": "11010519900307012"}, {"id_number": ["id_number_malformed"]}),
        ({"id_type": "library_card"}, {"id_type": ["choice_unknown"]}),
        ({"name": "x" * 10_000}, {"name": ["name_too_long"]}),
        ({"name": "李\x00明"}, {"name": ["name_unreadable"]}),
        ({"school": "a\x00"}, {"school": ["text_unreadable"]}),
        ({"title": ["工程师"]}, {"title": ["answer_malformed"]}),
        ({"title": {"a": 1}}, {"title": ["answer_malformed"]}),
        ({"title": True}, {"title": ["answer_malformed"]}),
        ({"name_en": "李明"}, {"name_en": ["name_not_latin"]}),
        ({"interests": ["101", "102", "103", "104"]}, {"interests": ["interests_too_many"]}),
        ({"interests": ["201"]}, {"interests": ["branch_unknown"]}),
        ({"interests": "101,102"}, {"interests": ["branch_unknown"]}),
        ({"subscriptions": ["newsletter", "yacht"]}, {"subscriptions": ["choice_unknown"]}),
        ({"subscriptions": [["newsletter"]]}, {"subscriptions": ["answer_malformed"]}),
        ({"favourite_colour": "red"}, {"favourite_colour": ["field_unknown"]}),
        ({"organisation_name": "浙江大学"}, {"organisation_name": ["field_unknown"]}),
    ],
)
def test_each_wrong_answer_is_named_beside_its_field(changes: dict[str, Any], expected: dict[str, list[str]]) -> None:
    assert problems("ordinary", person(**changes)) == expected


def test_two_wrong_answers_are_two_problems() -> None:
    found = problems("ordinary", person(mobile="1", degree="x", school=None))
    assert found == {"mobile": ["phone_invalid"], "degree": ["choice_unknown"], "school": ["answer_missing"]}


@pytest.mark.parametrize(
    "name", ["单于", "䶮", "㛃𬭎", "买买提·艾力", "O’Brien", "Ng", "阿卜杜拉·穆罕默德·阿里·哈桑", "Jean-Luc"]
)
def test_rare_names_pass(name: str) -> None:
    assert check("ordinary", person(name=name)).name == name


def test_none_is_an_answer_where_the_form_says_so() -> None:
    checked = check("ordinary", person(title="无", employer="None", postcode="无"))
    assert (checked.answers["title"], checked.answers["employer"]) == ("无", "None")


@pytest.mark.parametrize(
    "id_type, number, stored",
    [
        ("resident", identity_number().lower(), identity_number()),
        ("passport", "e 1234 5678", "E12345678"),
        ("hk_macau_permit", "H1234567801", "H12345678"),
        ("taiwan_permit", "1234567801", "12345678"),
        ("hmt_residence", identity_number(region="810000"), identity_number(region="810000")),
    ],
)
def test_identity_documents_have_one_form(id_type: str, number: str, stored: str) -> None:
    checked = check("ordinary", person(id_type=id_type, id_number=number))
    assert (checked.id_type, checked.id_number) == (id_type, stored)
    assert "id_number" not in checked.answers


def test_a_residence_permit_begins_with_its_region() -> None:
    found = problems("ordinary", person(id_type="hmt_residence"))
    assert found == {"id_number": ["id_number_malformed"]}


def test_merits_are_counted() -> None:
    assert problems("senior", senior(merits=[])) == {"merits": ["answer_missing"]}
    assert problems("senior", senior(merits=["charm"])) == {"merits": ["choice_unknown"]}
    assert check("senior", senior(merits=["works", "award", "works"])).answers["merits"] == ["award", "works"]


def test_a_student_needs_at_least_one_address() -> None:
    assert problems("student", student(email=None, mobile=None)) == {"mobile": ["contact_missing"]}
    # A wrong one is corrected, not asked for twice.
    assert problems("student", student(email=None, mobile="1")) == {"mobile": ["phone_invalid"]}
    assert check("student", student(email=None)).phone == "+8613800000001"


def test_who_answers_for_an_institution_is_written_to() -> None:
    checked = check("institutional", institution(email="office@example.org"))
    assert (checked.phone, checked.email) == ("+8613900000009", "chen@example.org")
    assert (checked.id_type, checked.id_number) == ("uscc", "12330000470080253W")
    assert problems("institutional", institution(uscc="12330000470080253A")) == {"uscc": ["uscc_mistyped"]}


def test_numbers_may_come_as_numbers() -> None:
    assert check("institutional", institution(staff_count=240)).answers["staff_count"] == "240"


def test_aiet_asks_other_things() -> None:
    answers = {
        "name": "李明", "name_en": "Li Ming", "degree": "doctorate", "employer": "HKUST", "position": "Professor",
        "field_of_work": "Robotics", "region": "Hong Kong", "address": "Clear Water Bay", "email": "li@ust.hk",
        "profile_url": "ust.hk/~li",
    }  # fmt: skip
    checked = check("individual", answers, AIET)
    assert checked.answers["profile_url"] == "https://ust.hk/~li"
    assert problems("individual", {**answers, "profile_url": "javascript:alert(1)"}, AIET) == {
        "profile_url": ["url_invalid"]
    }
    assert problems("individual", {**answers, "interests": ["101"]}, AIET) == {"interests": ["field_unknown"]}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(CATALOGUE)) | st.text(max_size=10), anything, max_size=8))
def test_no_form_whatever_breaks_the_check(answers: dict[str, Any]) -> None:
    for scheme, code in ((CMES, "senior"), (CMES, "institutional"), (AIET, "individual")):
        category = scheme.category(code)
        with pytest.raises(Problems) as refused:
            check(code, answers, scheme)
        assert all(problem.field and str(problem) for problem in refused.value.problems)
        with contextlib.suppress(Problems):
            assert "id_number" not in check_draft(category, answers).answers
