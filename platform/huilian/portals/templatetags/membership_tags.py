"""Template tags for what a scheme says: its texts, its dues, its steps."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.translation import get_language

from huilian.portals.wording import dues_words, step_words
from huilian.schemes.document import DuesRow, Step, Text

register = template.Library()


@register.filter
def said(text: Text | None) -> str:
    """Give a text of the scheme in the reader's language; nothing for none."""
    return text.in_language(get_language() or "zh") if text is not None else ""


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number as it is written, and as a telephone dials it."""

    shown: str

    @property
    def dialled(self) -> str:
        return "".join(sign for sign in self.shown if sign.isdecimal() or sign == "+")


@register.filter
def telephones(text: str) -> list[Telephone]:
    """Take apart what a scheme writes with commas between."""
    return [Telephone(each.strip()) for each in text.replace("，", ",").replace("、", ",").split(",") if each.strip()]


@register.simple_tag
def dues(row: DuesRow | None, currency: str) -> str:
    """Say what is owed: an amount a year, an amount once, or nothing."""
    return dues_words(row, currency)


@register.simple_tag
def federation_host() -> str:
    """The host below which all societies answer, with its port."""
    return f"{settings.SITE_DOMAIN}{settings.SITE_PORT_SUFFIX}"


@register.filter
def step_sentence(step: Step) -> str:
    """Say in a few words what happens at a step of the route, and how long it may take."""
    return step_words(step)
