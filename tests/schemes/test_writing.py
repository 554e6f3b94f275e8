"""A scheme written as a file and loaded again is the same scheme."""

from datetime import date
from typing import Any

import msgspec
import pytest

from huilian.schemes.document import NumberPattern, Scheme, Text
from huilian.schemes.loading import build_scheme, check_document, load_preset, load_scheme, preset_keys
from huilian.schemes.problems import SchemeProblems
from huilian.schemes.writing import source_of, write_scheme
from tests.schemes.conftest import edited


@pytest.mark.parametrize("key", preset_keys())
def test_presets_come_back(key: str) -> None:
    scheme = load_preset(key)
    assert load_scheme(write_scheme(scheme)) == scheme
    assert build_scheme(source_of(scheme)) == scheme


def test_what_presets_do_not_use_comes_back(cmes_data: dict[str, Any]) -> None:
    ordinary = cmes_data["categories"]["ordinary"]
    once = {
        "effective_on": "2027-01-01",
        "amount": "0.50",
        "years": "once",
        "resolution": "no",
        "meeting": "010",
    }
    scheme = build_scheme(
        edited(
            cmes_data,
            {
                "wording.about": {"zh": "第一行\n第二行: #甲 䶮", "en": "yes"},
                "referrals": {"in_standing": False, "rank": "any", "belongs_to": "headquarters"},
                "categories.ordinary.dues": [*ordinary["dues"], once],
                "categories.senior.certificate.paper_days": [0, 3],
                "categories.senior.route[1].clock_min": 0,
                "reminder_days": [],
            },
        )
    )
    text = write_scheme(scheme)
    assert load_scheme(text) == scheme
    assert "&" not in text.replace("R&D", "") and "䶮" in text


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {"name": Text("", " "), "reminder_days": (0,)},
            [
                "name.zh: missing: expected the text in Chinese",
                'name.en: expected the text in English, got " "',
                "reminder_days[0]: 0 is not between 1 and 366",
            ],
        ),
        ({"effective_on": date.max}, []),
        ({"member_number": NumberPattern("{serial:7}")}, [
            "member_number: the part {society:…} is missing; without it two members could get one number",
        ]),
        ({"benefits": load_preset("cmes").benefits * 2}, [
            "file: two rows have one code, or a value is written in an unusual way",
        ]),
        ({"currency": "XXX"}, [
            'currency: expected one of AUD, CAD, CHF, CNY, EUR, GBP, HKD, JPY, KRW, KWD, MOP, MYR, NZD, SGD, '
            'THB, TWD, USD, VND, got "XXX"',
        ]),
    ],
)  # fmt: skip
def test_a_document_from_elsewhere_is_checked_like_a_file(changes: dict[str, Any], lines: list[str]) -> None:
    document = Scheme.from_json(msgspec.structs.replace(load_preset("cmes"), **changes).to_json())
    told: list[str] = []
    try:
        check_document(document)
    except SchemeProblems as refusal:
        told = refusal.lines()
    assert told[: len(lines)] == lines
    assert bool(told) is bool(lines)
