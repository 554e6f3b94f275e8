"""What visitors, applicants and members read, part by part."""

from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from huilian.portals.forms.signing_in import NewPasswordForm
from huilian.portals.templatetags.membership_tags import telephones
from huilian.portals.wording import in_a_row
from huilian.schemes.loading import load_preset


def test_each_telephone_number_can_be_dialled() -> None:
    found = telephones("010-68799026, 010-68799008、+86 (571) 8795 1234")
    assert [each.shown for each in found] == ["010-68799026", "010-68799008", "+86 (571) 8795 1234"]
    assert [each.dialled for each in found] == ["01068799026", "01068799008", "+8657187951234"]
    with override("zh-hans"):
        page = render_to_string("huilian/parts_public/office.html", {"office": load_preset("cmes").office})
    assert '<a href="tel:01068799026">010-68799026</a>、<a href="tel:01068799008">010-68799008</a>' in page


def test_chinese_puts_no_space_between_sentences() -> None:
    with override("en"):
        assert in_a_row("Up to 3.", "", "You will hear of them.") == "Up to 3. You will hear of them."
    with override("zh-hans"):
        assert in_a_row("最多选 3 个。", "您将收到最新学术信息。") == "最多选 3 个。您将收到最新学术信息。"
    assert in_a_row("", "") == ""


def test_an_empty_entry_is_asked_for_in_the_same_words_everywhere() -> None:
    class Form(forms.Form):
        name = forms.CharField()

    with override("zh-hans"):
        assert Form({}).errors == {"name": ["请填写此项。"]}


def test_a_password_can_be_looked_at_before_it_is_sent() -> None:
    page = str(NewPasswordForm()["password"])
    assert 'type="password"' in page and 'id="id_password"' in page
    assert '<input type="checkbox" data-reveal="id_password">' in page  # without a name: it is not sent


@pytest.mark.parametrize(
    ("step", "can_withdraw", "has_foot"),
    [("endorse", False, False), ("endorse", True, True), ("pay", False, True)],
)
@pytest.mark.urls("config.urls.society")
def test_a_journey_has_a_foot_only_where_something_can_be_done(step: str, can_withdraw: bool, has_foot: bool) -> None:
    application = SimpleNamespace(
        pk="2f0c6f0e-3f0c-4c56-9d5a-0d5b1f6c7a11",
        reference="A101-ABCDE-FGHJK",
        state="in_progress",
        step=step,
        reasons="",
        get_state_display="In progress",
    )
    journey = SimpleNamespace(
        application=application,
        key=application.pk,
        category=load_preset("cmes").category("senior"),
        steps=[],
        headline="",
        tone="info",
        is_draft=False,
        is_under_way=True,
        to_pay=step == "pay",
    )
    page = render_to_string(
        "huilian/parts_public/journey.html", {"journey": journey, "can_withdraw": can_withdraw, "csrf_token": "t"}
    )
    assert ("<footer>" in page) is has_foot
