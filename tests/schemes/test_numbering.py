"""Member numbers follow the scheme's pattern and never overflow in silence."""

import pytest

from huilian.schemes.document import NumberPattern
from kit.errors import Refusal

NATIONAL = NumberPattern("{society:3}{serial:7}{grade}")


def test_format_and_parse() -> None:
    assert NATIONAL.format("101", 1, "P") == "1010000001P"
    assert NATIONAL.format(229, 9_999_999, "G") == "2299999999G"
    assert NATIONAL.parse("2299999999G") == ("229", 9_999_999, "G")
    assert NumberPattern("AIET-{society:3}/{serial:5}").format(100, 7, "P") == "AIET-100/00007"
    assert NumberPattern("AIET-{society:3}/{serial:5}").parse("AIET-100/00007") == ("100", 7, "")


@pytest.mark.parametrize("number", ["", "101000001P", "10100000011P", "1010000001p", "1010000001P\n", "１010000001P"])
def test_a_number_of_another_shape_is_not_read(number: str) -> None:
    assert NATIONAL.parse(number) is None


@pytest.mark.parametrize(
    ("society", "serial", "grade", "code"),
    [
        ("101", 10_000_000, "P", "member_serial_exhausted"),
        ("101", 0, "P", "member_serial_exhausted"),
        ("101", -5, "P", "member_serial_exhausted"),
        ("1010", 1, "P", "society_number_too_long"),
        ("10a", 1, "P", "society_number_too_long"),
        ("101", 1, "PP", "grade_letter_invalid"),
        ("101", 1, "", "grade_letter_invalid"),
    ],
)
def test_what_does_not_fit_is_refused(society: str, serial: int, grade: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        NATIONAL.format(society, serial, grade)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{society:3}{serial:7}{grade}", None),
        ("{society:3}{serial:7}", None),
        ("{serial:7}{grade}", "the part {society:…} is missing; without it two members could get one number"),
        ("{society:3}{grade}", "the part {serial:…} is missing; without it two members could get one number"),
        (
            "{society:3}{serial:7}{year:4}",
            "unknown part {year}; the parts are {society:3}, {serial:7} and {grade}",
        ),
        ("{society:3}{serial:7}{serial:7}", "{serial} stands in the pattern twice"),
        ("{society}{serial:7}", "{society} needs a width from 1 to 12, e.g. {society:7}"),
        ("{society:3}{serial:99}", "{serial} needs a width from 1 to 12, e.g. {serial:7}"),
        ("{society:3}{serial:7}{grade:2}", "{grade} is one letter and takes no width"),
        ("no.{society:3}{serial:7}", "between the parts only capital letters, digits, - and / may stand"),
        ("{society:3}{serial:7}}", "between the parts only capital letters, digits, - and / may stand"),
    ],
)
def test_a_pattern_that_cannot_work_says_why(template: str, problem: str | None) -> None:
    found = NumberPattern(template).problem()
    assert (found[0] % found[1] if found else None) == problem
