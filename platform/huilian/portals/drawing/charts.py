"""Charts drawn on the server: plain functions from figures to SVG, each with the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite

from django.utils.safestring import SafeString

from huilian.portals.drawing import strokes
from huilian.portals.drawing.lettering import brief, lettering
from huilian.portals.drawing.scales import Scale, plain_number, scale_for, short_number
from huilian.portals.drawing.strokes import Write
from huilian.portals.shapes import Row, Words


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
    """A drawing and its table, for `parts/chart.html`; `svg` is empty where there is nothing to draw."""

    title: Words
    note: Words
    svg: SafeString
    head: Sequence[Words]
    rows: Sequence[Row]
    legend: Sequence[Key] = field(default=())
    flat: bool = False


def bar_chart(
    title: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    *,
    over: Words = "",
    note: Words = "",
    stacked: bool = False,
    height: int = 214,
    write: Write = plain_number,
    write_tick: Write = short_number,
    urls: Sequence[str] = (),
) -> Chart:
    """Draw upright bars, side by side or stacked; `over` names the categories, `urls` the rows behind.

    `height` is that of the bars, without the names below.
    """
    _check(categories, series, urls)
    scale = _scale(_stacks(categories, series) if stacked else _known(series), floor=height)
    names = lettering(categories, base=height)
    parts = [strokes.grid(scale, write_tick), names.drawn]
    slot = 100 / max(len(categories), 1)
    group = slot * min(0.64, 0.12 + 0.08 * len(categories))
    width = group if stacked else group / max(len(series), 1)
    for at, category in enumerate(categories):
        left = slot * at + (slot - group) / 2
        heights = {True: 0.0, False: 0.0}
        for number, one in enumerate(series):
            value = one.values[at]
            if value is None:
                continue
            start = heights[value >= 0] if stacked else 0.0
            heights[value >= 0] = start + value
            top, bottom = sorted((scale.at(start), scale.at(start + value)))
            hover = _hover(category, one, write(value), many=len(series) > 1)
            lane = 0 if stacked else number
            parts.append(
                strokes.bar(number, left=left + lane * width, width=width, top=top, bottom=bottom, hover=hover)
            )
            if len(series) == 1 and len(categories) <= 8:
                place = (slot * (at + 0.5), scale.at(max(value, 0)))
                parts.append(strokes.figure(place, write_tick(value), crowded=len(categories) > 5))
    legend = [Key(strokes.square_swatch(number), one.label) for number, one in enumerate(series)]
    return Chart(
        title=title,
        note=note,
        svg=_picture(title, parts, series, height=height + names.height),
        head=[over, *(one.label for one in series)],
        rows=_rows(categories, series, write, urls),
        legend=legend if len(series) > 1 else (),
    )


def line_chart(
    title: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    *,
    over: Words = "",
    note: Words = "",
    height: int = 214,
    write: Write = plain_number,
    write_tick: Write = short_number,
    urls: Sequence[str] = (),
) -> Chart:
    """Draw one line a series, told apart by colour and by dashes; a missing figure leaves a gap."""
    _check(categories, series, urls)
    scale = _scale(_known(series), floor=height)
    names = lettering(categories, base=height)
    parts = [strokes.grid(scale, write_tick), names.drawn]
    slot = 100 / max(len(categories), 1)
    for number, one in enumerate(series):
        places = [
            None if value is None else (slot * (at + 0.5), scale.at(value)) for at, value in enumerate(one.values)
        ]
        for here, there in pairwise(places):
            if here and there:
                parts.append(strokes.stroke(number, here, there))
        for category, value, place in zip(categories, one.values, places, strict=True):
            if value is not None and place is not None:
                hover = _hover(category, one, write(value), many=len(series) > 1)
                parts.append(strokes.point(number, place, hover))
    legend = [Key(strokes.line_swatch(number), one.label) for number, one in enumerate(series)]
    return Chart(
        title=title,
        note=note,
        svg=_picture(title, parts, series, height=height + names.height),
        head=[over, *(one.label for one in series)],
        rows=_rows(categories, series, write, urls),
        legend=legend if len(series) > 1 else (),
    )


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
    parts = [
        strokes.lying_bar(
            at * 42,
            name=category,
            brief=brief(category, beside=write(value)),
            share=value / longest,
            written=write(value),
        )
        for at, (category, value) in enumerate(zip(categories, values, strict=True))
    ]
    return Chart(
        title=title,
        note=note,
        svg=_picture(title, parts, series, height=len(categories) * 42 - 6),
        head=[over, measure],
        rows=_rows(categories, series, write, urls),
        flat=True,
    )


def _check(categories: Sequence[Words], series: Sequence[Series], urls: Sequence[str]) -> None:
    for one in series:
        if len(one.values) != len(categories):
            raise ValueError(f"{one.label}: {len(one.values)} figures for {len(categories)} categories")
        if not all(value is None or isfinite(value) for value in one.values):
            raise ValueError(f"{one.label}: a figure is not a finite number")
    if urls and len(urls) != len(categories):
        raise ValueError(f"{len(urls)} addresses for {len(categories)} categories")


def _known(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]


def _stacks(categories: Sequence[Words], series: Sequence[Series]) -> list[float]:
    """Give the lower and the upper end of every stack."""
    columns = [[one.values[at] or 0 for one in series] for at in range(len(categories))]
    ends = ((sum(v for v in column if v < 0), sum(v for v in column if v > 0)) for column in columns)
    return [end for pair in ends for end in pair]


def _scale(values: Sequence[float], *, floor: int) -> Scale:
    extremes = (min(values, default=0), max(values, default=0))
    return scale_for(extremes, floor=floor, whole=all(isinstance(value, int) for value in values))


def _hover(category: Words, one: Series, written: str, *, many: bool) -> str:
    return f"{category} · {one.label} · {written}" if many else f"{category} · {written}"


def _picture(title: Words, parts: Sequence[SafeString], series: Sequence[Series], *, height: int) -> SafeString:
    return strokes.picture(title, parts, height=height) if _known(series) else SafeString("")


def _rows(categories: Sequence[Words], series: Sequence[Series], write: Write, urls: Sequence[str]) -> list[Row]:
    figures = [["–" if value is None else write(value) for value in one.values] for one in series]
    return [
        Row([category, *(column[at] for column in figures)], urls[at] if urls else "")
        for at, category in enumerate(categories)
    ]
