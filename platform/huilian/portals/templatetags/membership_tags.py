"""Template tags for what a scheme says: its texts, its dues, its steps."""

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
