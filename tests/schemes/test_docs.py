"""What the page about schemes tells an author to write can be loaded."""

import re
from pathlib import Path
from typing import Any

import pytest

from huilian.schemes.directory import read_societies
from huilian.schemes.document import Scheme
from huilian.schemes.fields import CATALOGUE
from huilian.schemes.loading import build_scheme
from huilian.schemes.reading.source import read_yaml

PAGE = (Path(__file__).parents[2] / "platform" / "docs" / "schemes.md").read_text(encoding="utf-8")
SMALLEST, CONDITIONS, DUES, BENEFITS, SOCIETIES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def smallest() -> Any:
    return read_yaml(SMALLEST)


def test_the_smallest_scheme_loads(smallest: Any) -> None:
    scheme = build_scheme(smallest)
    assert (scheme.key, [category.code for category in scheme.categories]) == ("acme", ["member"])
    assert Scheme.from_json(scheme.to_json()) == scheme


def test_its_examples_fit_into_it(smallest: Any) -> None:
    member = smallest["categories"]["member"]
    member |= read_yaml(CONDITIONS) | read_yaml(DUES) | {"payment_days": 30}  # type: ignore[operator]
    member["optional_fields"] = ["merits"]
    member["route"][1:1] = [
        {"kind": "pay", "actor": "applicant"},
        {"kind": "confirm", "actor": "headquarters", "role": "finance"},
    ]
    smallest["categories"] = {"individual": member}
    for code, rank, letter in (("institutional", 2, "B"), ("honorary", 3, "H")):
        smallest["categories"][code] = {**member, "rank": rank, "grade_letter": letter}
    smallest |= read_yaml(BENEFITS)
    scheme = build_scheme(smallest)
    dues = scheme.category("individual").dues
    assert [(row.effective_on.isoformat(), row.amount_minor) for row in dues] == [
        ("2026-01-01", 5000),
        ("2027-01-01", 6000),
    ]
    assert [benefit.code for benefit, _ in scheme.benefits_of("honorary")] == ["awards"]
    assert scheme.benefits_of("institutional") == ()


def test_the_societies_load() -> None:
    assert [(row.number, row.slug) for row in read_societies(SOCIETIES)] == [
        ("100", "hq"),
        ("101", "welding"),
        ("201", "zhejiang"),
    ]


def test_every_field_is_on_the_page() -> None:
    table = PAGE[PAGE.index("### Form fields") : PAGE.index("## Benefits")]
    rows = dict(re.findall(r"^\| (persons|institutions|both) \| (.*) \|$", table, re.MULTILINE))
    for row, audience in (("persons", "person"), ("institutions", "institution"), ("both", "both")):
        told = set(re.findall(r"`([a-z_]+)`", rows[row]))
        assert told == {field.code for field in CATALOGUE.values() if field.audience == audience}
