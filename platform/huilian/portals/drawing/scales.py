"""The upright scale of a chart: round ticks, and figures short enough to stand beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.translation import get_language

from kit.money import MINOR_DIGITS, Money, format_money

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_NOTHING = 1e-6
_UNITS = {"zh": ((10**8, "亿"), (10**4, "万")), "en": ((10**9, "bn"), (10**6, "m"), (10**4, "k"))}


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures from the lowest to the highest tick, laid over `floor` pixels with the highest on top."""

    ticks: tuple[float, ...]
    floor: float

    def at(self, value: float) -> float:
        """Give the distance of a figure from the top, in pixels."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.floor * (high - value) / (high - low)


def scale_for(extremes: tuple[float, float], *, floor: float, whole: bool = False, wanted: int = 4) -> Scale:
    """Lay about `wanted` round steps from zero or below to the highest figure or above."""
    low, high = min(extremes[0], 0.0), max(extremes[1], 0.0)
    if high - low < _NOTHING:
        low, high = 0.0, 1.0
    step = _round_step((high - low) / wanted)
    if whole:  # persons and fen do not come in halves
        step = float(ceil(step))
    first, last = _down(low / step), _up(high / step)
    return Scale(tuple(round(step * at, 9) for at in range(first, last + 1)), floor)


def plain_number(value: float) -> str:
    """Write a figure in full, with thousands set apart and no idle decimals."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def short_number(value: float) -> str:
    """Write a figure for an axis: 12万 to a Chinese reader, 120k to others, in full below ten thousand."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    for size, name in _UNITS[language]:
        if abs(value) >= size:
            size = 1000 if name == "k" else size
            return f"{value / size:,.1f}".removesuffix(".0") + name
    return plain_number(value)


def money_number(currency: str = "CNY") -> Callable[[float], str]:
    """Give the writer of amounts in minor units, in full: for `write` of a chart of money."""
    return lambda minor: format_money(Money(round(minor), currency), get_language() or "en")


def short_money(currency: str = "CNY") -> Callable[[float], str]:
    """Give the writer of amounts in minor units, for an axis: for `write_tick` of a chart of money."""
    return lambda minor: short_number(minor / 10 ** MINOR_DIGITS[currency])


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.999999)


def _down(value: float) -> int:
    return floor(value + 1e-9)


def _up(value: float) -> int:
    return ceil(value - 1e-9)
