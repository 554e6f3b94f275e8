"""The document: dated dues, lossless JSON, refusals."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from huilian.schemes.document import DuesRow, Scheme, Text
from huilian.schemes.loading import build_scheme, load_preset, preset_keys
from kit.errors import Refusal
from tests.schemes.conftest import edited


@pytest.mark.parametrize("key", preset_keys())
def test_json_loses_nothing_and_is_canonical(key: str) -> None:
    scheme = load_preset(key)
    again = Scheme.from_json(scheme.to_json())
    assert again == scheme
    assert again.to_json() == scheme.to_json()
    # A JSON column gives keys back in an order of its own.
    shuffled = json.loads(json.dumps(scheme.to_data(), sort_keys=True))
    assert Scheme.from_data(shuffled) == scheme
    assert Scheme.from_data(shuffled).to_json() == scheme.to_json()


def test_dues_are_dated_rows(cmes_data: dict[str, Any]) -> None:
    """A branch's page showed 20 once, 100 and 200: rows added later, beside the old ones."""
    then = date(2027, 1, 1)
    later = {"effective_on": "2027-01-01", "resolution": "R2", "meeting": "M2"}
    rows = cmes_data["categories"]
    pay = rows["ordinary"]["route"]
    scheme = build_scheme(
        edited(
            cmes_data,
            {
                "effective_on": "2027-01-01",
                "categories.student.dues": [{**later, "amount": "20", "years": "once"}],
                "categories.student.payment_days": 30,
                "categories.student.route": pay,
                "categories.ordinary.dues": [*rows["ordinary"]["dues"], {**later, "amount": 100}],
                "categories.senior.dues": [*rows["senior"]["dues"], {**later, "amount": "200.00"}],
            },
        )
    )
    before = then - timedelta(days=1)
    assert scheme.dues_on("student", before) is None
    student, ordinary, senior = (scheme.dues_on(code, then) for code in ("student", "ordinary", "senior"))
    assert student and ordinary and senior
    assert (student.amount_minor, student.period_years, student.amount_for(4)) == (2000, 0, 2000)
    assert (ordinary.amount_minor, ordinary.amount_for(5)) == (10000, 50000)
    assert (senior.amount_minor, senior.amount_for(5)) == (20000, 100000)
    old = scheme.dues_on("ordinary", before)
    assert old is not None and old.amount_minor == 5000
    assert scheme.dues_on("ordinary", date(2018, 12, 31)) is None


@pytest.mark.parametrize(("period", "years", "minor"), [(1, 3, 300), (2, 4, 200), (2, 3, 200), (0, 5, 100)])
def test_a_started_period_counts_whole(period: int, years: int, minor: int) -> None:
    assert DuesRow(date(2026, 1, 1), 100, "R", "M", None, period).amount_for(years) == minor


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        load_preset("cmes").category("fellow")
    assert (refused.value.code, refused.value.field, refused.value.facts) == (
        "category_unknown",
        "category",
        {"category": "fellow"},
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"key": 1}', b"\xff", '"x"'])
def test_what_is_not_a_scheme_is_refused(text: str | bytes) -> None:
    with pytest.raises(Refusal) as refused:
        Scheme.from_json(text)
    assert refused.value.code == "scheme_unreadable"


def test_a_document_with_an_unknown_key_is_refused_rather_than_cut() -> None:
    data = load_preset("aiet").to_data() | {"tiers": 3}
    with pytest.raises(Refusal) as refused:
        Scheme.from_data(data)
    assert refused.value.facts == {"problem": "Object contains unknown field `tiers`"}


def test_nothing_in_it_can_be_set() -> None:
    scheme = load_preset("aiet")
    with pytest.raises(AttributeError):
        scheme.version = 2  # type: ignore[misc]
    assert msgspec.structs.replace(scheme, version=2).version == 2
    assert scheme.version == 1


@pytest.mark.parametrize(("code", "word"), [("zh-hans", "中"), ("zh_CN", "中"), ("ZH", "中"), ("en", "E"), ("fr", "E")])
def test_words_by_language(code: str, word: str) -> None:
    assert Text("中", "E").in_language(code) == word


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        load_preset("../cmes")
    assert refused.value.code == "preset_unknown"
    assert refused.value.facts == {"preset": "../cmes", "known": "aiet, cmes"}
