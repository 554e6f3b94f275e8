import pickle
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import gettext_lazy, override

from kit.errors import Refusal
from kit.money import Money


def test_a_refusal_carries_what_a_program_and_a_person_need() -> None:
    refusal = Refusal("rank_too_low", "%(name)s is %(rank)s.", field="recommender", name="Li", rank="student")
    assert refusal.code == "rank_too_low"
    assert refusal.field == "recommender"
    assert refusal.status == 422
    assert refusal.facts == {"name": "Li", "rank": "student"}
    assert str(refusal) == "Li is student."


def test_a_sentence_without_facts_may_hold_a_percent_sign() -> None:
    assert str(Refusal("half", "100% is too much.", status=409)) == "100% is too much."


def test_a_lazy_sentence_is_put_together_when_shown() -> None:
    refusal = Refusal("late", gettext_lazy("Too late by %(days)s days."), days=3)
    assert str(refusal) == "Too late by 3 days."


def test_a_refusal_survives_the_way_to_a_worker_and_back() -> None:
    refusal = pickle.loads(pickle.dumps(Refusal("late", "By %(days)s.", field="on", status=409, days=3)))  # noqa: S301 our own bytes
    assert (refusal.code, refusal.field, refusal.status, str(refusal)) == ("late", "on", 409, "By 3.")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "From 5 March 2026 on: CNY 1,050.00 by JPEG, PDF."),
        ("zh-hans", "From 2026年3月5日 on: ¥1,050.00 by JPEG、PDF."),
    ],
)
def test_facts_are_written_in_the_readers_habit(language: str, sentence: str) -> None:
    template, day = "From %(day)s on: %(amount)s by %(kinds)s.", date(2026, 3, 5)
    refusal = Refusal("x", template, day=day, amount=Money(105_000), kinds=("JPEG", "PDF"))
    with override(language):
        assert str(refusal) == sentence


def test_a_moment_is_left_to_those_who_know_the_time_zone() -> None:
    assert str(Refusal("x", "%(at)s", at=datetime(2026, 3, 5, 9, tzinfo=UTC))) == "2026-03-05 09:00:00+00:00"
