"""A form field for each kind of question in the catalogue, and for each paper."""

from typing import Any

from django import forms
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from huilian.portals.forms.widgets import DayInput, FindableRadioSelect, PaperInput, PhoneInput
from huilian.portals.societies import open_societies
from huilian.portals.wording import in_a_row
from huilian.schemes.document import Category, Paper, Text
from huilian.schemes.fields import Field, choices_for
from tenants.kinds import BRANCH

_AUTOCOMPLETE = {
    "name": "name", "birth_date": "bday", "employer": "organization", "position": "organization-title",
    "address": "street-address", "postcode": "postal-code", "region": "country-name",
    "organisation_name": "organization", "representative_name": "name", "website": "url",
}  # fmt: skip
_TYPES = {"jpeg": ("image/jpeg", "JPEG"), "png": ("image/png", "PNG"), "pdf": ("application/pdf", "PDF")}


class FindableCheckboxes(FindableRadioSelect, forms.CheckboxSelectMultiple):
    """A long list of boxes to tick, with a search field above."""


class AnswerField(forms.Field):
    """An answer as it was typed; `required` is only shown."""

    def clean(self, value: Any) -> Any:
        return value


class Tick(forms.BooleanField):
    """A box to tick; whether it must be ticked is only shown."""

    def validate(self, value: Any) -> None:
        """Leave it to the services."""


def answer_field(asked: Field, required: bool, category: Category, *, most: int) -> AnswerField:
    """The field for one question; `most` bounds the branches of interest."""
    return AnswerField(
        label=_said(asked.label),
        help_text=_help(asked, most),
        required=required,
        widget=_widget(asked, category),
    )


class PaperField(forms.FileField):
    """A file to hand in, with what it may be; nothing is refused here."""

    def __init__(self, paper: Paper, *, handed_in: bool) -> None:
        types = [_TYPES[kind] for kind in paper.accepts]
        limits = _("%(types)s, at most %(most)s MB.") % {
            "types": _(", ").join(name for _type, name in types),
            "most": paper.max_mb,
        }
        here = _("Handed in already; choose a file only to replace it.") if handed_in else ""
        hint = _said(paper.hint) if paper.hint else ""
        super().__init__(
            label=_said(paper.name),
            help_text=in_a_row(here, hint, limits),
            required=paper.required and not handed_in,
            widget=PaperInput(attrs={"accept": ",".join(kind for kind, _name in types)}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


def _widget(asked: Field, category: Category) -> forms.Widget:
    choices = [(choice.code, _said(choice.label)) for choice in choices_for(asked, category)]
    attrs: dict[str, Any] = {"maxlength": asked.max_length}
    if asked.code in _AUTOCOMPLETE:
        attrs["autocomplete"] = _AUTOCOMPLETE[asked.code]
    match asked.kind:
        case "multiline":
            return forms.Textarea(attrs=attrs)
        case "date":
            return DayInput()
        case "choice":
            return forms.Select(choices=[("", "—"), *choices])
        case "choices":
            return forms.CheckboxSelectMultiple(choices=choices)
        case "societies":
            branches = open_societies(BRANCH)
            words = {branch.number: branch.words for branch in branches}
            widget = FindableCheckboxes(words=words)
            widget.choices = [(branch.number, branch.name) for branch in branches]
            return widget
        case "phone":
            return PhoneInput(attrs=attrs)
        case "email":
            return forms.EmailInput(attrs={**attrs, "autocomplete": "email"})
        case "url":
            return forms.URLInput(attrs=attrs)
        case "identity" | "uscc":
            return forms.TextInput(attrs={**attrs, "autocomplete": "off", "autocapitalize": "characters"})
        case _:
            return forms.TextInput(attrs=attrs)


def _help(asked: Field, most: int) -> str:
    tip = _said(asked.help) if asked.help else ""
    if asked.kind != "societies":
        return tip
    limit = ngettext("At most %(most)s.", "Up to %(most)s.", most) % {"most": most}
    return in_a_row(limit, tip)


def _said(text: Text) -> str:
    return text.in_language(get_language() or "zh")
