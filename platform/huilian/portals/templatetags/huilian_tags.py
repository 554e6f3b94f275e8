"""Template tags of the design system: names, money, days, fields, badges and boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.dateformat import format as write_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language

from huilian.portals.drawing.scales import plain_number
from huilian.portals.forms.widgets import kind_of
from huilian.portals.shapes import Column, Row, Tone, Whole
from huilian.portals.tones import MESSAGE_TONES, STEP_TONES, STEP_WORDS, label_of, tone_of
from kit.money import Money, format_money
from kit.names import joints

register = template.Library()

# English in the order that readers on both sides of the Atlantic take for the same day.
_DAY = {"zh": "Y年n月j日", "en": "j F Y"}
_MOMENT = {"zh": "Y年n月j日 H:i", "en": "j F Y, H:i"}


def _reader() -> str:
    return "zh" if (get_language() or "").lower().startswith("zh") else "en"


@register.simple_tag
def html_lang(code: str | None) -> str:
    """Give Django's language code as browsers want it: zh-hans is zh-Hans."""
    head, _, tail = (code or "en").partition("-")
    if not tail:
        return head
    return f"{head}-{tail.title() if len(tail) == 4 else tail.upper()}"


@register.filter
def language_name(name: str) -> str:
    """Shorten a language's own name for the switch in the header."""
    return {"简体中文": "中文"}.get(name, name)


@register.simple_tag(takes_context=True)
def current_society(context: template.Context) -> object | None:
    """Find the society whose page this is: `society` of the context, else the request's."""
    return context.get("society") or getattr(context.get("request"), "tenant", None)


@register.simple_tag
def local_name(thing: object, noun: str = "name") -> str:
    """Pick `<noun>_zh` or `<noun>_en` (or `zh`, `en`) of an object or dict; the other where one is empty."""
    for language in ("zh", "en") if _reader() == "zh" else ("en", "zh"):
        for key in (f"{noun}_{language}", language):
            value = thing.get(key) if isinstance(thing, Mapping) else getattr(thing, key, None)
            if value:
                return str(value)
    return "" if thing is None else str(thing)


@register.filter
def phrased(name: str) -> SafeString | str:
    """Write a society's name so that a line breaks only between its parts, as long as these have room."""
    parts = joints(name)
    if len(parts) == 1:
        return name
    return format_html(
        '<span class="phrases">{}</span>', format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))
    )


@register.simple_tag
def money(amount: Money | int, currency: str = "CNY") -> str:
    """Write an amount (Money, or whole minor units and a currency) in the reader's habit."""
    worth = amount if isinstance(amount, Money) else Money(amount, currency)
    return format_money(worth, get_language() or "en")


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day: 2026年3月5日, 5 March 2026; a moment counts in the society's time zone."""
    return _write(value, _DAY)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a day and its time of the clock, in the society's time zone."""
    return _write(value, _MOMENT)


@register.filter
def machine_date(value: date | datetime) -> str:
    """Write a day or a moment for the `datetime` attribute of a `time` element."""
    return value.isoformat()


def _write(value: date | datetime | None, habits: Mapping[str, str]) -> str:
    if not value:
        return ""
    here = localtime(value) if isinstance(value, datetime) and is_aware(value) else value
    return Whole(write_date(here, habits[_reader()]))


@register.filter
def figure(value: object) -> object:
    """Set the thousands of a number apart; anything else stays as it is."""
    return plain_number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@register.simple_tag
def badge(state: Any, label: object = "", tone: str = "") -> SafeString:
    """Show a state in words and tone; pass `label=x.get_state_display` where `state` is a bare value."""
    words = label or label_of(state)
    return format_html('<span class="badge tone-{}">{}</span>', tone or tone_of(state), words)


@register.filter
def step_words(state: str) -> str:
    """Say how a step stands."""
    return str(STEP_WORDS[state])


@register.filter
def step_tone(state: str) -> Tone:
    """Give the tone of a step's state."""
    return STEP_TONES[state]


@register.filter
def message_tone(message: Any) -> Tone:
    """Give the tone of one of Django's messages."""
    return MESSAGE_TONES.get(message.level_tag, "info")


@register.simple_tag
def field(bound: BoundField, **attrs: Any) -> SafeString:
    """Draw one form field with label, help and errors; `attrs` (inputmode, class…) go to its widget."""
    widget = bound.as_widget(attrs={name.replace("_", "-"): value for name, value in attrs.items()})
    return SafeString(render_to_string("huilian/parts/field.html", {"field": bound, "widget": widget}))


@register.simple_tag
def filter_field(bound: BoundField) -> SafeString:
    """Draw one field of a filter bar: label above, nothing optional to say, no help."""
    return SafeString(render_to_string("huilian/parts/filter_field.html", {"field": bound}))


@register.filter
def widget_kind(bound: BoundField) -> str:
    """Tell which layout of the field part a widget needs: hidden, tick, choices, file or plain."""
    return "hidden" if bound.is_hidden else kind_of(bound.field.widget)


@register.filter
def up_to(last: int) -> range:
    """Count from one to `last`."""
    return range(1, last + 1)


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[str | int]:
    """Give the numbers to offer around a page, with … for those left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def beside(row: Row | Iterable[object], columns: Iterable[Column]) -> Iterator[tuple[Column, object]]:
    """Pair the cells of a row with their columns."""
    return zip(columns, row.cells if isinstance(row, Row) else row, strict=True)


@register.simple_block_tag
def card(content: str, title: object = "", **given: Any) -> SafeString:
    """Draw a card around what stands between the tags; takes the parameters of `parts/card.html`."""
    return SafeString(render_to_string("huilian/parts/card.html", {"body": content, "title": title, **given}))


@register.simple_block_tag
def note(content: str, tone: str = "info", title: object = "") -> SafeString:
    """Draw a note (info, good, warn, bad, quiet) around what stands between the tags."""
    given = {"body": content, "tone": tone, "title": title}
    return SafeString(render_to_string("huilian/parts/note.html", given))


@register.simple_block_tag
def dialog(content: str, id: str, title: object) -> SafeString:
    """Draw a dialog around what stands between the tags; `parts/dialog_button.html` opens it."""
    given = {"body": content, "id": id, "title": title}
    return SafeString(render_to_string("huilian/parts/dialog.html", given))
