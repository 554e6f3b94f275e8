import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import formset_factory
from django.utils.translation import override

from huilian.portals.forms.renderer import HuilianRenderer
from huilian.portals.forms.specimen import SpecimenForm


class Form(forms.Form):
    default_renderer = HuilianRenderer
    name = forms.CharField(label="Name", help_text="As on <the> card")
    agreed = forms.BooleanField(label="Agreed")
    category = forms.ChoiceField(label="Category", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    photo = forms.FileField(label="Photo", required=False)
    step = forms.CharField(widget=forms.HiddenInput)


class _Page(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[Any]:
        return [attrs[name] for _, attrs in self.tags if name in attrs]

    def named(self, name: str) -> Any:
        return next(attrs for _, attrs in self.tags if attrs.get("name") == name)


def test_every_reference_of_a_drawn_form_finds_its_target() -> None:
    for form in (Form({}), Form(), SpecimenForm({"code": "x"}, renderer=HuilianRenderer())):
        page = _Page(str(form))
        ids = page.all("id")
        assert len(ids) == len(set(ids))
        described = [one for value in page.all("aria-describedby") for one in value.split()]
        linked = [value[1:] for value in page.all("href") if not value.startswith("#i-")]
        assert set(described) | set(page.all("for")) | set(linked) <= set(ids)


def test_errors_are_told_at_the_field_and_above_all() -> None:
    with override("en"):
        html = str(Form({}))
    page = _Page(html)
    assert page.named("name")["aria-invalid"] == "true"
    assert page.named("name")["aria-describedby"] == "id_name_helptext id_name_error"
    assert "4 entries need your attention" in html
    assert '<a href="#id_category">Category</a>: This field is required.' in html
    assert page.named("step")["type"] == "hidden"


def test_a_form_without_errors_shows_no_summary() -> None:
    assert "error-summary" not in str(Form())
    assert "error-summary" not in str(Form({"name": "x", "agreed": "1", "category": "a", "step": "1"}))


def test_help_and_labels_are_escaped() -> None:
    assert "As on &lt;the&gt; card" in str(Form())
    evil = Form({"name": '"><script>', "step": '"><script>'})
    assert "<script" not in str(evil)


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    with override("en"):
        html = str(Form())
    assert re.findall(r"(\w+)<span class=\"optional\">\(optional\)", html) == ["Photo"]


def test_choices_are_grouped_under_a_legend() -> None:
    html = str(Form())
    assert '<fieldset class="field choices">' in html
    assert "<legend>Category</legend>" in html


def test_a_long_list_can_be_searched_by_name_and_pinyin() -> None:
    with override("en"):
        page = _Page(str(SpecimenForm(renderer=HuilianRenderer())["society"].as_field_group()))
    assert [attrs["data-words"] for _, attrs in page.tags if "data-words" in attrs] == [
        "Welding hanjie hj", "Zhejiang zhejiang zj", "Tribology mocaxue mcx",
    ]  # fmt: skip
    assert [attrs["data-filter"] for _, attrs in page.tags if "data-filter" in attrs] == ["id_society"]


def test_a_file_already_here_can_be_seen_and_removed() -> None:
    kept = SimpleUploadedFile("diploma.pdf", b"x")
    kept.url = "/uploads/1"  # type: ignore[attr-defined]
    form = SpecimenForm(initial={"diploma": kept}, renderer=HuilianRenderer())
    assert '<a href="/uploads/1">' in str(form["diploma"])
    assert "diploma-clear" not in str(form["diploma"])
    form.fields["diploma"].required = False
    form.fields["diploma"].widget.is_required = False
    assert 'name="diploma-clear"' in str(form["diploma"])


@pytest.mark.parametrize(("language", "words"), [("en", "No file chosen yet"), ("zh-hans", "尚未选择文件")])
def test_a_file_is_chosen_in_the_language_of_the_page_and_without_the_script_by_the_browsers_button(
    language: str, words: str
) -> None:
    with override(language):
        drawn = str(SpecimenForm()["diploma"].as_field_group())
    assert re.search(r'<input type="file" name="diploma" [^>]*id="id_diploma"', drawn)
    assert '<span class="picked row" hidden aria-hidden="true">' in drawn
    assert f'<span data-picked="{words}">{words}</span>' in drawn


def test_rows_of_a_formset_come_with_their_management_form() -> None:
    html = str(formset_factory(Form, extra=2, renderer=HuilianRenderer())())
    assert 'name="form-TOTAL_FORMS" value="2"' in html
    assert 'name="form-1-name"' in html
