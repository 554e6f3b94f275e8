"""Charts drawn on the server: plain functions from figures to SVG, each with the table that says the same.

Widths are percentages and heights are pixels, so a chart fills its column while its lettering keeps its size.
Colours are classes of the stylesheet, so that light, dark and print need no second drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from huilian.portals.scales import Scale, plain_number, scale_for, short_number
from huilian.portals.shapes import Row, Words

Write = Callable[[float], str]

_COLOURS = 6
_DASHES = ("", "7 5", "2 5", "12 4 2 4", "4 4", "1 6")
_LABEL_ROOM = 26


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one colour of bars; `None` is a figure nobody knows, which is not zero."""

    label: Words
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend."""

    swatch: SafeString
    label: Words


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its table; `svg` is empty where there is nothing to draw."""

    title: Words
    note: Words
    svg: SafeString
    legend: Sequence[Key]
    head: Sequence[Words]
    rows: Sequence[Row]
    flat: bool = False


def bar_chart(
    title: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    *,
    over: Words = "",
    note: Words = "",
    stacked: bool = False,
    height: int = 240,
    write: Write = plain_number,
    write_tick: Write = short_number,
    urls: Sequence[str] = (),
) -> Chart:
    """Draw upright bars, side by side or stacked; `over` names what the categories are, `urls` the rows behind."""
    _check(categories, series, urls)
    scale = scale_for(_extremes(categories, series, stacked=stacked), floor=height - _LABEL_ROOM)
    parts = [_grid(scale, write_tick), _category_labels(categories, height)]
    slot = 100 / max(len(categories), 1)
    group = slot * min(0.64, 0.12 + 0.08 * len(categories))
    lanes = 1 if stacked else max(len(series), 1)
    for at, category in enumerate(categories):
        above = below = 0.0
        for number, one in enumerate(series):
            value = one.values[at]
            if value is None:
                continue
            start = (above if value >= 0 else below) if stacked else 0.0
            if value >= 0:
                above = start + value
            else:
                below = start + value
            left = slot * at + (slot - group) / 2 + (0 if stacked else group / lanes * number)
            top, bottom = sorted((scale.at(start), scale.at(start + value)))
            parts.append(
                format_html(
                    '<rect class="bar k{}" x="{}%" y="{}" width="{}%" height="{}"><title>{}</title></rect>',
                    number % _COLOURS + 1,
                    _short(left),
                    _short(top),
                    _short(group / lanes),
                    _short(bottom - top),
                    _hover(category, one, write(value), many=len(series) > 1),
                )
            )
        if len(series) == 1 and len(categories) <= 8 and (value := series[0].values[at]) is not None:
            parts.append(
                format_html(
                    '<text class="val{}" x="{}%" y="{}" text-anchor="middle">{}</text>',
                    " thin" if len(categories) > 5 else "",
                    _short(slot * (at + 0.5)),
                    _short(scale.at(max(value, 0)) - 6),
                    write_tick(value),
                )
            )
    swatches = [_square(number) for number in range(len(series))]
    return _finish(title, note, over, categories, series, parts, swatches, height, write, urls)


def line_chart(
    title: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    *,
    over: Words = "",
    note: Words = "",
    height: int = 240,
    write: Write = plain_number,
    write_tick: Write = short_number,
    urls: Sequence[str] = (),
) -> Chart:
    """Draw one line a series, told apart by colour and by dash; a missing figure leaves a gap."""
    _check(categories, series, urls)
    scale = scale_for(_extremes(categories, series, stacked=False), floor=height - _LABEL_ROOM)
    parts = [_grid(scale, write_tick), _category_labels(categories, height)]
    slot = 100 / max(len(categories), 1)
    for number, one in enumerate(series):
        places = [
            None if value is None else (slot * (at + 0.5), scale.at(value)) for at, value in enumerate(one.values)
        ]
        for here, there in zip(places, places[1:], strict=False):
            if here and there:
                parts.append(_segment(number, here, there))
        for category, value, place in zip(categories, one.values, places, strict=True):
            if value is not None and place is not None:
                parts.append(
                    format_html(
                        '<circle class="pt k{}" cx="{}%" cy="{}" r="4"><title>{}</title></circle>',
                        number % _COLOURS + 1,
                        _short(place[0]),
                        _short(place[1]),
                        _hover(category, one, write(value), many=len(series) > 1),
                    )
                )
    swatches = [_dash(number) for number in range(len(series))]
    return _finish(title, note, over, categories, series, parts, swatches, height, write, urls)


def ranking_chart(
    title: Words,
    categories: Sequence[Words],
    values: Sequence[float],
    *,
    measure: Words,
    over: Words = "",
    note: Words = "",
    write: Write = plain_number,
    urls: Sequence[str] = (),
) -> Chart:
    """Draw one lying bar a category with its name above it: for long names, such as societies."""
    series = [Series(measure, values)]
    _check(categories, series, urls)
    if any(value < 0 for value in values):
        raise ValueError("a ranking has no room for figures below zero")
    longest = max(values, default=0) or 1
    parts = []
    for at, (category, value) in enumerate(zip(categories, values, strict=True)):
        top = at * 42
        parts.append(
            format_html(
                '<text x="0" y="{}">{}</text><text class="val" x="100%" y="{}" text-anchor="end">{}</text>'
                '<rect class="track" x="0" y="{}" width="100%" height="10"/>'
                '<rect class="k1" x="0" y="{}" width="{}%" height="10"/>',
                top + 14,
                category,
                top + 14,
                write(value),
                top + 22,
                top + 22,
                _short(100 * value / longest),
            )
        )
    height = max(len(categories) * 42 - 6, 1)
    return _finish(title, note, over, categories, series, parts, [], height, write, urls, flat=True)


def _check(categories: Sequence[Words], series: Sequence[Series], urls: Sequence[str]) -> None:
    for one in series:
        if len(one.values) != len(categories):
            raise ValueError(f"{one.label}: {len(one.values)} figures for {len(categories)} categories")
        if not all(value is None or isfinite(value) for value in one.values):
            raise ValueError(f"{one.label}: a figure is not a finite number")
    if urls and len(urls) != len(categories):
        raise ValueError(f"{len(urls)} addresses for {len(categories)} categories")


def _extremes(categories: Sequence[Words], series: Sequence[Series], *, stacked: bool) -> tuple[float, float]:
    if not stacked:
        known = [value for one in series for value in one.values if value is not None]
        return min(known, default=0), max(known, default=0)
    columns = [[one.values[at] or 0 for one in series] for at in range(len(categories))]
    lows = [sum(value for value in column if value < 0) for column in columns]
    highs = [sum(value for value in column if value > 0) for column in columns]
    return min(lows, default=0), max(highs, default=0)


def _grid(scale: Scale, write_tick: Write) -> SafeString:
    lines = (
        ("base" if tick == 0 else "grid", _short(scale.at(tick)), _short(scale.at(tick)), _short(scale.at(tick) + 4))
        + (write_tick(tick),)
        for tick in scale.ticks
    )
    return format_html_join(
        "",
        '<line class="{}" x1="0" x2="100%" y1="{}" y2="{}"/><text x="-8" y="{}" text-anchor="end">{}</text>',
        lines,
    )


def _category_labels(categories: Sequence[Words], height: int) -> SafeString:
    """Letter every category that has room; on a phone (`thin`) every other one of many."""
    step = -(-len(categories) // 14) or 1
    shown = [at for at in range(len(categories)) if at % step == 0]
    crowded = len(shown) > 6
    slot = 100 / max(len(categories), 1)
    return format_html_join(
        "",
        '<text{} x="{}%" y="{}" text-anchor="middle">{}</text>',
        (
            (
                SafeString(' class="thin"') if crowded and order % 2 else "",
                _short(slot * (at + 0.5)),
                height - 6,
                categories[at],
            )
            for order, at in enumerate(shown)
        ),
    )


def _segment(number: int, here: tuple[float, float], there: tuple[float, float]) -> SafeString:
    return format_html(
        '<line class="ln l{}"{} x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
        number % _COLOURS + 1,
        _dash_array(number),
        _short(here[0]),
        _short(here[1]),
        _short(there[0]),
        _short(there[1]),
    )


def _dash_array(number: int) -> SafeString:
    dashes = _DASHES[number % len(_DASHES)]
    return format_html(' stroke-dasharray="{}"', dashes) if dashes else SafeString("")


def _square(number: int) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 12 12"><rect class="k{}" width="12" height="12"/></svg>', number % _COLOURS + 1
    )


def _dash(number: int) -> SafeString:
    return format_html(
        '<svg class="long" viewBox="0 0 28 12"><line class="ln l{}"{} x1="2" x2="26" y1="6" y2="6"/></svg>',
        number % _COLOURS + 1,
        _dash_array(number),
    )


def _hover(category: Words, one: Series, written: str, *, many: bool) -> str:
    return f"{category} · {one.label} · {written}" if many else f"{category} · {written}"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _finish(
    title: Words,
    note: Words,
    over: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    parts: Sequence[SafeString],
    swatches: Sequence[SafeString],
    height: int,
    write: Write,
    urls: Sequence[str],
    *,
    flat: bool = False,
) -> Chart:
    rows = []
    for at, category in enumerate(categories):
        figures = ["–" if one.values[at] is None else write(one.values[at] or 0) for one in series]
        rows.append(Row([category, *figures], urls[at] if urls else ""))
    empty = not any(value is not None for one in series for value in one.values)
    svg = format_html(
        '<svg role="img" aria-label="{}" height="{}">{}</svg>',
        title,
        height,
        format_html_join("", "{}", ((part,) for part in parts)),
    )
    legend = [Key(swatch, one.label) for swatch, one in zip(swatches, series, strict=False)]
    return Chart(
        title=title,
        note=note,
        svg=SafeString("") if empty else svg,
        legend=legend if len(series) > 1 else [],
        head=[over, *(one.label for one in series)],
        rows=rows,
        flat=flat,
    )
