"""The catalogue of form fields is complete in both languages, and every preset can be asked for."""

import pytest

from huilian.schemes.fields import (
    CATALOGUE,
    FIELDS,
    choices_for,
    fields_of,
    is_none_answer,
    restricted_codes,
)
from huilian.schemes.loading import load_preset


def test_codes_are_unique_and_labels_bilingual() -> None:
    assert len(CATALOGUE) == len(FIELDS)
    for field in FIELDS:
        assert field.label.zh and field.label.en.isascii(), field.code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in field.label.zh), field.code
        codes = [choice.code for choice in field.choices]
        assert len(codes) == len(set(codes))


def test_only_chosen_fields_have_choices() -> None:
    assert {field.code for field in FIELDS if field.choices} == {
        field.code for field in FIELDS if field.kind in ("choice", "choices") and field.code != "merits"
    }


def test_political_status_is_restricted_and_complete() -> None:
    assert restricted_codes(CATALOGUE) == {"political_status"}
    assert len(CATALOGUE["political_status"].choices) == 13


@pytest.mark.parametrize(
    ("answer", "nothing"),
    [
        ("无", True),
        (" 无 ", True),
        ("none", True),
        ("None", True),
        ("", False),
        ("无锡", False),
        ("n/a", False),
    ],
)
def test_nothing_may_be_said_in_words(answer: str, nothing: bool) -> None:
    assert is_none_answer(answer) is nothing


def test_questions_come_in_the_order_of_the_catalogue() -> None:
    student = load_preset("cmes").category("student")
    assert [(field.code, required) for field, required in fields_of(student)][:6] == [
        ("name", True),
        ("name_en", False),
        ("gender", False),
        ("birth_date", True),
        ("political_status", False),
        ("id_type", True),
    ]


def test_a_class_without_limits_offers_the_whole_list() -> None:
    ordinary = load_preset("cmes").category("ordinary")
    assert choices_for(CATALOGUE["degree"], ordinary) == CATALOGUE["degree"].choices
    assert choices_for(CATALOGUE["merits"], ordinary) == ()
