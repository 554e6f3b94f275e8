import pickle

from django.utils.translation import gettext_lazy

from kit.errors import Refusal


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
