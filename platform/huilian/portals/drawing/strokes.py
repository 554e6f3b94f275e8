"""The strokes that charts are made of: grid, bars, lines and the legend's swatches.

Widths are percentages and heights are pixels, so a chart fills its column while its lettering keeps its size.
Colours are classes of the stylesheet, so that light, dark and print need no second drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from huilian.portals.drawing.scales import Scale
from huilian.portals.shapes import Words

Write = Callable[[float], str]
Place = tuple[float, float]

_COLOURS = 6
_DASHES = ("", "7 5", "2 5", "12 4 2 4", "4 4", "1 6")


def grid(scale: Scale, write: Write) -> SafeString:
    """Draw a line and a figure for each tick; the figures stand left of the drawing."""
    return format_html_join(
        "",
        '<line class="{}" x1="0" x2="100%" y1="{}" y2="{}"/><text x="-8" y="{}" text-anchor="end">{}</text>',
        (
            ("grid" if tick else "base", short(at), short(at), short(at + 4), write(tick))
            for tick, at in ((tick, scale.at(tick)) for tick in scale.ticks)
        ),
    )


def bar(number: int, *, left: float, width: float, top: float, bottom: float, hover: str) -> SafeString:
    """Draw an upright bar of the series `number`; left and width in percent, top and bottom in pixels."""
    return format_html(
        '<rect class="bar k{}" x="{}%" y="{}" width="{}%" height="{}"><title>{}</title></rect>',
        _colour(number),
        short(left),
        short(top),
        short(width),
        short(bottom - top),
        hover,
    )


def lying_bar(top: int, *, name: Words, brief: str, share: float, written: str) -> SafeString:
    """Draw a name (`brief` on phones), a figure and below them a bar that fills `share` (0 to 1) of its track."""
    alike = str(name) == brief
    return format_html(
        '<text{} x="0" y="{}">{}</text>{}<text class="val" x="100%" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="0" y="{}" width="100%" height="10"/>'
        '<rect class="k1" x="0" y="{}" width="{}%" height="10"/>',
        "" if alike else SafeString(' class="thin"'),
        top + 14,
        name,
        "" if alike else format_html('<text class="brief" x="0" y="{}">{}</text>', top + 14, brief),
        top + 14,
        written,
        top + 22,
        top + 22,
        short(100 * share),
    )


def figure(place: Place, written: str, *, crowded: bool) -> SafeString:
    """Write a figure above a bar."""
    return format_html(
        '<text class="val{}" x="{}%" y="{}" text-anchor="middle">{}</text>',
        " thin" if crowded else "",
        short(place[0]),
        short(place[1] - 6),
        written,
    )


def stroke(number: int, here: Place, there: Place) -> SafeString:
    """Draw a piece of the line of the series `number`."""
    return format_html(
        '<line class="ln l{}"{} x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
        _colour(number),
        _dashes(number),
        short(here[0]),
        short(here[1]),
        short(there[0]),
        short(there[1]),
    )


def point(number: int, place: Place, hover: str) -> SafeString:
    """Draw a point on the line of the series `number`."""
    return format_html(
        '<circle class="pt k{}" cx="{}%" cy="{}" r="4"><title>{}</title></circle>',
        _colour(number),
        short(place[0]),
        short(place[1]),
        hover,
    )


def square_swatch(number: int) -> SafeString:
    """Draw the legend's sample of a bar's colour."""
    return format_html('<svg viewBox="0 0 12 12"><rect class="k{}" width="12" height="12"/></svg>', _colour(number))


def line_swatch(number: int) -> SafeString:
    """Draw the legend's sample of a line's colour and dashes."""
    return format_html(
        '<svg class="long" viewBox="0 0 28 12"><line class="ln l{}"{} x1="2" x2="26" y1="6" y2="6"/></svg>',
        _colour(number),
        _dashes(number),
    )


def picture(title: Words, parts: Sequence[SafeString], *, height: int) -> SafeString:
    """Put the strokes into one SVG that a screen reader announces by its title."""
    drawn = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg role="img" aria-label="{}" height="{}">{}</svg>', title, height, drawn)


def short(number: float) -> str:
    """Write a coordinate with at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _colour(number: int) -> int:
    return number % _COLOURS + 1


def _dashes(number: int) -> SafeString:
    pattern = _DASHES[number % len(_DASHES)]
    return format_html(' stroke-dasharray="{}"', pattern) if pattern else SafeString("")
