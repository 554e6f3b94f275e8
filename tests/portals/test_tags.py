from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.template import Context, Template
from django.utils.timezone import override as in_zone
from django.utils.translation import override

from huilian.portals.shapes import Column, Row
from huilian.portals.templatetags.huilian_tags import (
    badge,
    beside,
    current_society,
    day,
    figure,
    html_lang,
    local_name,
    message_tone,
    moment,
    money,
    page_numbers,
)
from huilian.portals.tones import STEP_TONES, STEP_WORDS, TONES
from kit.money import Money


class State(TextChoices):
    UNDER_REVIEW = "under_review", "Under review"


def test_names_follow_the_readers_language() -> None:
    zhejiang = SimpleNamespace(name_zh="浙江省机械工程学会", name_en="Zhejiang")
    with override("zh-hans"):
        assert local_name(zhejiang) == "浙江省机械工程学会"
        assert local_name({"zh": "高级会员", "en": "Senior"}) == "高级会员"
        assert local_name({"title_zh": "", "title_en": "Only English"}, "title") == "Only English"
    with override("en"):
        assert local_name(zhejiang) == "Zhejiang"
        assert local_name({"zh": "高级会员", "en": "Senior"}) == "Senior"
    assert local_name("Welding") == "Welding"
    assert local_name(None) == ""


def test_money_and_days_are_written_in_the_readers_habit() -> None:
    night = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
    with in_zone("Asia/Shanghai"), override("zh-hans"):
        assert money(5000) == money(Money(5000)) == "¥50.00"
        assert day(date(2026, 3, 5)) == day(night) == "2026年3月5日"
        assert moment(night) == "2026年3月5日 01:30"
    with in_zone("Asia/Shanghai"), override("en"):
        assert money(10000, "HKD") == "HKD 100.00"
        assert day(date(2026, 3, 5)) == day(night) == "5 March 2026"
        assert moment(night) == "5 March 2026, 01:30"
    assert day(None) == ""


@pytest.mark.parametrize(("value", "shown"), [(90218, "90,218"), (2.5, "2.5"), ("¥1", "¥1"), (True, True)])
def test_figures_set_thousands_apart(value: object, shown: object) -> None:
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("code", "tag"),
    [("zh-hans", "zh-Hans"), ("en", "en"), ("en-gb", "en-GB"), ("zh-hant", "zh-Hant"), (None, "en")],
)
def test_languages_are_named_as_browsers_want(code: str | None, tag: str) -> None:
    assert html_lang(code) == tag


def test_a_badge_says_its_state_in_words_and_tone() -> None:
    assert badge(State.UNDER_REVIEW) == '<span class="badge tone-info">Under review</span>'
    assert badge("approved", label="Approved") == '<span class="badge tone-good">Approved</span>'
    assert badge("unheard_of") == '<span class="badge tone-quiet">unheard_of</span>'
    assert badge("x", label="<b>", tone="bad") == '<span class="badge tone-bad">&lt;b&gt;</span>'


def test_every_tone_is_one_the_stylesheet_knows() -> None:
    assert {*TONES.values(), *STEP_TONES.values()} == {"good", "info", "warn", "bad", "quiet"}
    assert STEP_TONES.keys() == STEP_WORDS.keys()


def test_messages_wear_their_tone() -> None:
    levels = (constants.SUCCESS, constants.INFO, constants.WARNING, constants.ERROR)
    assert [message_tone(Message(level, "x")) for level in levels] == ["good", "info", "warn", "bad"]


def test_the_society_is_the_views_or_the_requests() -> None:
    request = SimpleNamespace(tenant="Welding")
    assert current_society(Context({"society": "Zhejiang", "request": request})) == "Zhejiang"
    assert current_society(Context({"request": request})) == "Welding"
    assert current_society(Context({})) is None


def test_pages_far_away_are_left_out() -> None:
    page = Paginator(range(1000), 20).get_page(25)
    assert list(page_numbers(page)) == [1, "…", 24, 25, 26, "…", 50]


def test_a_row_must_fit_its_columns() -> None:
    columns = [Column("a"), Column("b")]
    assert list(beside(Row([1, 2]), columns)) == [(columns[0], 1), (columns[1], 2)]
    with pytest.raises(ValueError, match="zip"):
        list(beside([1], columns))


def _drawn(source: str, **context: Any) -> str:
    return Template("{% load huilian_tags %}" + source).render(Context(context))


def test_boxes_keep_what_stands_between_their_tags_and_escape_the_rest() -> None:
    card = _drawn('{% card title=title id="c" %}<p>{{ name }}</p>{% endcard %}', title="<i>", name="<b>")
    assert '<h2 id="c">&lt;i&gt;</h2>' in card
    assert "<p>&lt;b&gt;</p>" in card
    assert 'class="note tone-warn"' in _drawn('{% note tone="warn" %}x{% endnote %}')
    dialog = _drawn('{% dialog id="gone" title="Gone?" %}<p>Yes</p>{% enddialog %}')
    assert 'id="gone" aria-labelledby="gone-title"' in dialog
    assert "<p>Yes</p>" in dialog


def test_a_field_takes_attributes_for_its_widget() -> None:
    class Phone(forms.Form):
        number = forms.CharField()

    drawn = _drawn('{% field form.number inputmode="numeric" data_x="1" %}', form=Phone())
    assert '<input type="text" name="number" inputmode="numeric" data-x="1" required id="id_number">' in drawn
