"""Template tags of the design system: names, money, fields and badges in the reader's own habit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Widget
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from kit.money import Money, format_money

from huilian.portals.tones import label_of, tone_of

register = template.Library()

_LANGUAGE_NAMES = {"简体中文": "中文"}
_WIDGET_KINDS: dict[str, tuple[type[Widget], ...]] = {
    "tick": (CheckboxInput,),
    "choices": (RadioSelect, CheckboxSelectMultiple),
    "file": (FileInput,),
}
_MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad"}


def _reads_chinese() -> bool:
    return (get_language() or "").lower().startswith("zh")


@register.simple_tag
def html_lang(code: str | None) -> str:
    """Give Django's language code as browsers want it: zh-hans is zh-Hans."""
    head, _, tail = (code or "en").partition("-")
    return f"{head}-{tail.title()}" if len(tail) == 4 else head if not tail else f"{head}-{tail.upper()}"


@register.filter
def language_name(name: str) -> str:
    """Shorten a language's own name for the switch in the header."""
    return _LANGUAGE_NAMES.get(name, name)


@register.simple_tag(takes_context=True)
def current_society(context: template.Context) -> object | None:
    """Find the society whose page this is: `society` of the view, else the request's."""
    return context.get("society") or getattr(context.get("request"), "tenant", None)


@register.simple_tag
def local_name(thing: object, noun: str = "name") -> str:
    """Pick `<noun>_zh` or `<noun>_en` (attributes or keys; also plain `zh`/`en`), the other one where this is empty."""
    order = ("zh", "en") if _reads_chinese() else ("en", "zh")
    for language in order:
        for key in (f"{noun}_{language}", language):
            value = thing.get(key) if isinstance(thing, Mapping) else getattr(thing, key, None)
            if value:
                return str(value)
    return "" if thing is None else str(thing)


@register.simple_tag
def money(amount: Money | int, currency: str = "CNY") -> str:
    """Write an amount (Money, or whole minor units and a currency) in the reader's habit."""
    worth = amount if isinstance(amount, Money) else Money(amount, currency)
    return format_money(worth, get_language() or "en")


@register.simple_tag
def badge(state: Any, label: object = "", tone: str = "") -> SafeString:
    """Show a state in words and tone; pass `label=x.get_state_display` where `state` is a bare value."""
    return format_html(
        '<span class="badge tone-{}">{}</span>', tone or tone_of(state), label or label_of(state)
    )


@register.simple_tag
def field(bound: BoundField, **attrs: Any) -> SafeString:
    """Draw one form field with label, help and errors; `attrs` (inputmode, placeholder, class…) go to its widget."""
    plain = {name.replace("_", "-"): value for name, value in attrs.items()}
    return SafeString(
        render_to_string("huilian/parts/field.html", {"field": bound, "widget": bound.as_widget(attrs=plain)})
    )


@register.filter
def message_tone(message: Any) -> str:
    """Give the tone of one of Django's messages."""
    return _MESSAGE_TONES.get(message.level_tag, "info")


@register.filter
def widget_kind(bound: BoundField) -> str:
    """Tell which of the field part's layouts a widget needs: hidden, tick, choices, file or plain."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    for kind, classes in _WIDGET_KINDS.items():
        if isinstance(widget, classes):
            return kind
    return "plain"
