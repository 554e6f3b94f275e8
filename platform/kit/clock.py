"""The one place that looks at the clock, and the arithmetic of dated periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def today(zone: str | ZoneInfo) -> date:
    """Return the date that a calendar on the wall shows in `zone`, e.g. Asia/Shanghai."""
    return now().astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def add_years(day: date, n: int) -> date:
    """Return the same day n years on; 29 February becomes 1 March where there is none.

    As the end of a half-open period that keeps 28 February inside, the month's last day, as article 202 of
    the Civil Code has it.
    """
    try:
        return day.replace(year=day.year + n)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise
        return date(day.year + n, 3, 1)


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """The days from `from_on` up to, but without, `to_on`."""

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.to_on <= self.from_on:
            raise ValueError(f"a period that starts on {self.from_on} cannot end on {self.to_on}")

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days

    def contains(self, day: date) -> bool:
        return self.from_on <= day < self.to_on

    def overlaps(self, other: HalfOpen) -> bool:
        return self.from_on < other.to_on and other.from_on < self.to_on


def split_years(from_on: date, count: int) -> list[HalfOpen]:
    """Lay out `count` years, end to end, each counted from the first day so that leap days cannot drift."""
    bounds = [add_years(from_on, n) for n in range(count + 1)]
    return [HalfOpen(start, end) for start, end in pairwise(bounds)]
