"""The names below a chart: on two lines where one is too narrow, and as many as have room.

A drawing fills its column, so the server can only estimate: how wide letters are, and how little room there may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from huilian.portals.shapes import Words

_DESK, _PHONE = 340, 256  # the drawing's width in pixels: two of them side by side, and a small screen
_APART = 6
_LINE = 15
_SPACE = 26  # below the base line, for one line of names
_NARROW = frozenset("fijlrtI .,:;'!|()-")
_BROAD = frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Lettering:
    """Names as SVG, and the room that they take below the base line."""

    drawn: SafeString
    height: int


def lettering(categories: Sequence[Words], *, base: int) -> Lettering:
    """Letter the categories below the base line; what a phone has no room for is `thin`."""
    names = [str(category) for category in categories]
    folded = [_fold(name) for name in names]
    lines = [[name] for name in names]
    if not _fits(lines, 1, _DESK) and _fits(folded, 1, _DESK):
        lines = folded
    desk = _step(lines, 1, _DESK)
    phone = _step(lines, desk, _PHONE)
    slot = 100 / max(len(names), 1)
    drawn = format_html_join(
        "",
        '<text{} y="{}" text-anchor="middle">{}</text>',
        (
            (thin(at % phone != 0), base + _SPACE - 6, _spans(f"{round(slot * (at + 0.5), 2):g}%", lines[at]))
            for at in range(0, len(names), desk)
        ),
    )
    return Lettering(drawn, _SPACE + _LINE * (max(map(len, lines), default=1) - 1))


def width_of(text: str) -> int:
    """About how many pixels a text takes at 12 pixels: a Chinese sign as much as two letters."""
    return sum(
        12 if east_asian_width(sign) in "WF" else 4 if sign in _NARROW else 10 if sign in _BROAD else 7 for sign in text
    )


def brief(name: Words, *, beside: str) -> str:
    """As much of a name as a phone has room for, left of a figure."""
    room, text = _PHONE - width_of(beside) - 2 * _APART, str(name)
    if width_of(text) <= room:
        return text
    while text and width_of(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def thin(hidden_on_phones: bool) -> SafeString:
    """Give the class of what a phone leaves out."""
    return SafeString(' class="thin"' if hidden_on_phones else "")


def _spans(left: str, lines: Sequence[str]) -> SafeString:
    spans = ((left, _LINE if number else 0, line) for number, line in enumerate(lines))
    return format_html_join("", '<tspan x="{}" dy="{}">{}</tspan>', spans)


def _fold(name: str) -> list[str]:
    """The name on two lines, broken at the space nearest to its middle."""
    spaces = [at for at, sign in enumerate(name) if sign == " "]
    if not spaces:
        return [name]
    middle = min(spaces, key=lambda at: abs(2 * at - len(name)))
    return [name[:middle], name[middle + 1 :]]


def _step(lines: Sequence[Sequence[str]], least: int, room: int) -> int:
    """Of how many names one has to be shown, so that none runs into the next."""
    steps = range(least, len(lines) + least + 1, least)
    return next((step for step in steps if _fits(lines, step, room)), steps[-1])


def _fits(lines: Sequence[Sequence[str]], step: int, room: int) -> bool:
    widths = [max(map(width_of, name)) for name in lines[::step]]
    apart = room / max(len(lines), 1) * step
    return all((left + right) / 2 + _APART <= apart for left, right in pairwise(widths))
