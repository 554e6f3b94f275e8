"""Every event has complete words in both languages on both channels, and names only its own facts."""

import re
from string import Formatter

import pytest

from huilian.notices.catalogue import ALWAYS, EVENTS, Event, Letter

PROMISED = {
    "code.sent",
    "application.acknowledged",
    "application.approved",
    "application.refused",
    "dues.please_pay",
    "payment.received",
    "payment.rejected",
    "membership.welcome",
    "membership.taken_over",
    "account.invited",
    "account.contact_changed",
    "application.expired",
    "application.withdrawn",
}
LETTERS = [
    pytest.param(event, letter, id=f"{event.name}-{language}")
    for event in EVENTS.values()
    for language, letter in (("zh", event.zh), ("en", event.en))
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    fields = list(Formatter().parse(text))
    assert not any(spec or conversion for _text, _name, spec, conversion in fields)
    return {name for _text, name, _spec, _conversion in fields if name is not None}


def test_the_catalogue_holds_every_event_that_was_promised() -> None:
    assert set(EVENTS) == PROMISED
    assert all(name == event.name for name, event in EVENTS.items())


@pytest.mark.parametrize(("event", "letter"), LETTERS)
def test_a_letter_is_complete_and_names_only_facts_of_its_event(event: Event, letter: Letter) -> None:
    for text in (letter.subject, letter.email, letter.sms):
        assert text.strip() == text != ""
        assert placeholders(text) <= event.facts
    assert "\n" not in letter.subject
    assert event.needs <= placeholders(letter.subject + letter.email)
    assert event.may_have <= placeholders(letter.email)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_both_languages_tell_the_same_facts(event: Event) -> None:
    assert placeholders(event.zh.email) == placeholders(event.en.email)
    assert placeholders(event.zh.sms) == placeholders(event.en.sms)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_optional_fact_stands_on_a_line_without_needed_words(event: Event) -> None:
    """Leaving the line out must never leave out a fact that the reader needs."""
    for letter in (event.zh, event.en):
        for text in (letter.email, letter.sms):
            for line in text.split("\n"):
                if placeholders(line) & event.may_have:
                    assert not placeholders(line) & (event.needs | ALWAYS), line


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_each_language_is_written_in_itself(event: Event) -> None:
    assert CHINESE.search(event.zh.subject) and CHINESE.search(event.zh.email) and CHINESE.search(event.zh.sms)
    assert not CHINESE.search(event.en.subject + event.en.email + event.en.sms)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_the_example_has_every_fact(event: Event) -> None:
    assert event.needs | event.may_have <= set(event.example) <= event.facts
