"""What changed between two versions is told place by place."""

from typing import Any

from huilian.schemes.comparing import Difference, compare
from huilian.schemes.loading import build_scheme, load_preset
from tests.schemes.conftest import GONE, edited


def test_equal_schemes_have_no_difference() -> None:
    assert compare(load_preset("cmes"), load_preset("cmes")) == []


def test_changes_additions_and_removals(cmes_data: dict[str, Any]) -> None:
    old = build_scheme(cmes_data)
    dues = cmes_data["categories"]["ordinary"]["dues"]
    new = build_scheme(
        edited(
            cmes_data,
            {
                "version": 2,
                "categories.ordinary.dues": [
                    {"effective_on": "2018-01-01", "amount": 40, "resolution": "R0", "meeting": "M0"},
                    {**dues[0], "amount": 60},
                ],
                "categories.senior.route[1].persons": 2,
                "categories.senior.papers.photo": GONE,
                "benefits.receipt.grants.student": {"zh": "纸质", "en": "On paper"},
                "reminder_days": [30],
                "enquiry_days": 2,
            },
        )
    )
    differences = {row.place: (row.old, row.new) for row in compare(old, new)}
    gone = "categories.senior.papers.photo"
    photo = {place: pair for place, pair in differences.items() if place.startswith(gone)}
    assert photo[f"{gone}.name"] == ("个人照片 / Portrait photo", None)
    assert {place: pair for place, pair in differences.items() if place not in photo} == {
        "version": ("1", "2"),
        "categories.ordinary.dues[2018-01-01].effective_on": (None, "2018-01-01"),
        "categories.ordinary.dues[2018-01-01].amount": (None, "40.00 CNY"),
        "categories.ordinary.dues[2018-01-01].resolution": (None, "R0"),
        "categories.ordinary.dues[2018-01-01].meeting": (None, "M0"),
        "categories.ordinary.dues[2018-01-01].period_years": (None, "1"),
        "categories.ordinary.dues[2019-01-01].amount": ("50.00 CNY", "60.00 CNY"),
        "categories.senior.route[1].persons": ("1", "2"),
        "benefits.receipt.grants.student.included": ("no", "yes"),
        "benefits.receipt.grants.student.condition": (None, "纸质 / On paper"),
        "reminder_days": ("30, 7", "30"),
        "enquiry_days": (None, "2"),
    }


def test_a_difference_reads_as_a_line() -> None:
    assert str(Difference("version", "1", "2")) == "version: 1 → 2"
    assert str(Difference("enquiry_days", None, "2")) == "enquiry_days: — → 2"


def test_two_federations_can_be_compared() -> None:
    places = {row.place: (row.old, row.new) for row in compare(load_preset("cmes"), load_preset("aiet"))}
    assert places["key"] == ("cmes", "aiet")
    assert places["categories.honorary.term"] == (None, "by_resolution")
