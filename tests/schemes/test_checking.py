"""The rules between the parts of a scheme, each broken once."""

# ruff: noqa: E501  # a message stands on one line, as it is shown

from collections.abc import Callable
from typing import Any

import pytest

from huilian.schemes.loading import build_scheme
from huilian.schemes.problems import SchemeProblems
from tests.schemes.conftest import GONE, edited

Report = Callable[[dict[str, Any]], list[str]]
ACTIVATE = {"kind": "activate", "actor": "system"}
PAY = {"kind": "pay", "actor": "applicant"}
CONFIRM = {"kind": "confirm", "actor": "headquarters", "role": "finance"}
REVIEW = {"kind": "review", "actor": "headquarters", "role": "officer"}
ROW = {"amount": 50, "resolution": "R", "meeting": "M"}
BODY = {"zh": "理事会", "en": "Council"}


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        # The route.
        ({"student.route": []}, ["student.route: the last step must be activate: it makes the applicant a member"]),
        ({"student.route": [ACTIVATE, REVIEW]}, [
            "student.route: the last step must be activate: it makes the applicant a member",
            "student.route[1]: no step can follow activate",
        ]),
        ({"ordinary.route": [PAY, ACTIVATE]}, [
            "ordinary.route: a pay step needs a confirm step after it: somebody checks that the money is there",
        ]),
        ({"ordinary.route": [CONFIRM, PAY, ACTIVATE]}, ["ordinary.route[0]: confirm needs a pay step before it"]),
        ({"ordinary.route": [PAY, PAY, CONFIRM, ACTIVATE]}, ["ordinary.route[1]: pay stands in this route twice"]),
        ({"student.route": [PAY, CONFIRM, ACTIVATE]}, [
            "student.dues: the route asks for payment, so dues must be in force when the scheme begins (2019-01-01)",
            "student.payment_days: missing: say how many days an approved applicant has to pay",
        ]),
        ({"ordinary.route": [ACTIVATE]}, [
            "ordinary.route: there are dues, but the route has no pay step to ask for them",
        ]),
        ({"senior.route[0].actor": "headquarters"}, [
            'senior.route[0].actor: endorse can be done by: society, got "headquarters"',
            "senior.route[0].skip_at_headquarters: only a step of a society can be left out at headquarters",
        ]),
        ({"senior.route[1].role": GONE}, [
            "senior.route[1].role: missing: say which role takes this step: registrar, officer or finance",
        ]),
        ({"student.route[0].role": "officer", "student.route[0].persons": 2}, [
            "student.route[0].role: only steps of a society or of headquarters have a role",
            "student.route[0].persons: only steps of a society or of headquarters take several persons",
        ]),
        ({"senior.route[1].clock": GONE}, [
            "senior.route[1].on_breach: without a clock there is nothing to be late for",
        ]),
        ({"senior.route[1].on_breach": "expire"}, [
            "senior.route[1].on_breach: only an unpaid application expires; staff who are late are reminded",
        ]),
        ({"senior.route[1].clock_min": 11}, [
            "senior.route[1].clock_min: the least time must not be longer than the clock",
        ]),
        ({"ordinary.route[0].clock": 5}, [
            "ordinary.route[0].clock: the time to pay is payment_days of the category; leave the clock out",
        ]),
        ({"ordinary.route[0].on_breach": "none"}, [
            "ordinary.route[0].on_breach: an application that is not paid must expire",
        ]),
        ({"senior.route[1].together": True}, [
            "senior.route[1].together: only students, who pay nothing, can be approved together: others are looked at one by one",
        ]),
        ({"student.route": [{**REVIEW, "persons": 2, "together": True}, ACTIVATE]}, [
            "student.route[0].together: only a review by one officer of headquarters can be made for several at once",
        ]),
        # Dues.
        ({"ordinary.dues": [{**ROW, "effective_on": "2019-01-01"}, {**ROW, "effective_on": "2019-01-01"}]}, [
            "ordinary.dues[1].effective_on: dues rows stand in the order of their dates, one row to a date",
        ]),
        ({"ordinary.dues[0].resolved_on": "2019-01-02"}, [
            "ordinary.dues[0].resolved_on: dues cannot take effect before they were resolved",
        ]),
        ({"ordinary.dues[0].effective_on": "2019-01-02"}, [
            "ordinary.dues: the route asks for payment, so dues must be in force when the scheme begins (2019-01-01)",
        ]),
        ({"student.receipt": True}, ["student.receipt: a receipt is for dues, and this category has none"]),
        # The class itself.
        ({"senior.rank": 2}, ["senior.rank: 2 is that of ordinary already"]),
        ({"senior.grade_letter": "P"}, ["senior.grade_letter: P is that of ordinary already"]),
        ({"senior.grade_letter": "O"}, [
            'senior.grade_letter: expected one capital letter other than I and O, which read like digits, got "O"',
        ]),
        ({"senior.self_application": False}, [
            "senior.granted_by: missing: nobody can apply, so say whose resolution grants it",
        ]),
        ({"senior.granted_by": BODY}, [
            "senior.granted_by: what is granted by resolution is not applied for: self_application: no",
        ]),
        ({"senior.term": "by_resolution"}, [
            "senior.term: only a category granted by resolution can have its term set there",
        ]),
        ({"senior.renewal": GONE}, ["senior.renewal: missing: a term of years ends, so say how it is renewed"]),
        # Conditions.
        ({"senior.conditions.merits.at_least": 6}, [
            "senior.conditions.merits.at_least: say how many of the 5 must hold",
        ]),
        ({"senior.conditions.merits.at_least": GONE}, [
            "senior.conditions.merits.at_least: say how many of the 5 must hold",
        ]),
        ({"student.conditions.studies.at_least": 1}, [
            "student.conditions.studies.among: missing: at_least needs the conditions to count",
        ]),
        ({"senior.conditions.merits.among.doctorate": BODY}, [
            "senior.conditions.merits.among.doctorate: this code stands among the conditions of this category twice",
        ]),
        # The form.
        ({"student.required_fields": ["name", "shoe_size"], "student.allowed_choices": GONE}, [
            'student.required_fields[1]: there is no form field "shoe_size"',
        ]),
        ({"ordinary.required_fields": ["name", "uscc"]}, [
            'ordinary.required_fields[1]: "uscc" is not asked of this kind of member',
        ]),
        ({"ordinary.required_fields": ["name", "political_status"], "ordinary.optional_fields": []}, [
            'ordinary.required_fields[1]: "political_status" is sensitive and may only be asked as optional',
        ]),
        ({"ordinary.optional_fields": ["name"]}, ['ordinary.optional_fields[0]: "name" is required already']),
        ({"ordinary.required_fields": ["email"]}, ['ordinary.required_fields: "name" must be among them']),
        ({"institutional.required_fields": ["uscc"]}, [
            'institutional.required_fields: "organisation_name" must be among them',
            'institutional.required_fields: "representative_name" must be among them',
        ]),
        ({"ordinary.optional_fields": ["merits"]}, [
            'ordinary.optional_fields[0]: merits are asked for, but there is no group of conditions with the code "merits"',
        ]),
        ({"ordinary.allowed_choices": {"degree": ["phd"], "gender": [], "merits": ["x"]}}, [
            'ordinary.allowed_choices.degree[0]: no such choice "phd"; there are: '
            "bachelor, college, doctorate, master, other, secondary",
            "ordinary.allowed_choices.gender: at least one choice must be allowed",
            "ordinary.allowed_choices.merits: this field is not asked for",
        ]),
        ({"senior.allowed_choices": {"merits": ["award", "fame"]}}, [
            'senior.allowed_choices.merits[1]: no such choice "fame"; there are: '
            "activity, award, contribution, office, works",
        ]),
        ({"senior.papers.photo.accepts": []}, ["senior.papers.photo.accepts: at least one type of file must be accepted"]),
        # The certificate.
        ({"student.certificate.photos": 2}, [
            "student.certificate.paper: photos and paper_days are for a printed certificate: paper: yes",
            "student.certificate.photo_hint: missing: say where the photos are to be sent",
        ]),
        ({"senior.certificate.paper_days": [14, 7]}, [
            "senior.certificate.paper_days: the first number must not be larger than the second",
        ]),
    ],
)  # fmt: skip
def test_a_class_that_contradicts_itself(problems_after: Report, changes: dict[str, Any], lines: list[str]) -> None:
    assert problems_after({f"categories.{place}": value for place, value in changes.items()}) == [
        f"categories.{line}" for line in lines
    ]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"channels.headquarters": GONE}, ["channels.headquarters: missing: the door for those whom nobody recommends"]),
        ({"receipt_name": GONE}, ["receipt_name: missing: say which receipt members get for their dues"]),
        ({"interests_max": GONE}, [
            f"interests_max: say how many branches of interest one may name; {category} asks for them"
            for category in ("student", "ordinary", "senior")
        ]),
        ({"benefits.receipt.grants.senior": GONE, "benefits.receipt.grants.fellow": True}, [
            "benefits.receipt.grants.senior: missing: say yes, no or on what condition",
            "benefits.receipt.grants.fellow: there is no such category",
        ]),
        ({"reminder_days": [30, 7, 30]}, ["reminder_days[2]: 30 stands in this list twice"]),
        ({"office.email": "nobody"}, ['office.email: expected an e-mail address, got "nobody"']),
        ({"office.website": "javascript:alert(1)"}, [
            'office.website: expected an address that begins with https://, got "javascript:alert(1)"',
        ]),
    ],
)  # fmt: skip
def test_a_scheme_that_contradicts_itself(problems_after: Report, changes: dict[str, Any], lines: list[str]) -> None:
    assert problems_after(changes) == lines


def _with_five_tiers(data: dict[str, Any], calendar: str) -> dict[str, Any]:
    """Two more classes of dues, which makes five different amounts from 2027 on."""
    ordinary = data["categories"]["ordinary"]
    changes: dict[str, Any] = {"calendar": calendar}
    for number, letter in ((1, "E"), (2, "F")):
        row = {**ROW, "amount": 300 * number, "effective_on": f"202{5 + number}-01-01"}
        changes[f"categories.extra{number}"] = {
            **ordinary,
            "rank": 10 + number,
            "grade_letter": letter,
            "dues": [{**row, "effective_on": "2019-01-01", "amount": 50}, row],
        }
        for code in data["benefits"]:
            changes[f"benefits.{code}.grants.extra{number}"] = False
    return edited(data, changes)


def test_the_mainland_allows_four_tiers_of_dues(cmes_data: dict[str, Any]) -> None:
    with pytest.raises(SchemeProblems) as refused:
        build_scheme(_with_five_tiers(cmes_data, "CN"))
    assert refused.value.lines() == ["categories: on 2027-01-01 there would be 5 tiers of dues; at most 4 are lawful"]
    assert len(build_scheme(_with_five_tiers(cmes_data, "HK")).categories) == 6
