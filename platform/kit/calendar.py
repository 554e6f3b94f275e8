"""Working days, with the holidays and the make-up workdays that a State publishes year by year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from holidays import country_holidays
from holidays.countries.china import ChinaStaticHolidays

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday, less `holidays`, plus `workdays`; `known_years` are those published in full.

    Another year never raises: it works with whatever dates are given for it, at the least Monday to Friday,
    and `unpublished_years` lets the caller warn.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]
    known_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`; n=0 gives `start`, or the next working day."""
        if n < 0:
            raise ValueError(f"working days are added forward, not {n}")
        day = start
        if n == 0:
            while not self.is_working_day(day):
                day += _ONE_DAY
        while n > 0:
            day += _ONE_DAY
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """Count the working days after `a` up to and with `b`, so that it undoes `add_working_days`.

        With `b` before `a` the count is negative: so many days late.
        """
        if b < a:
            return -self.working_days_between(b, a)
        return sum(self.is_working_day(a + timedelta(days=ahead)) for ahead in range(1, (b - a).days + 1))

    def unpublished_years(self, a: date, b: date) -> list[int]:
        """Name the years from `a` to `b` whose calendar is a guess, in order."""
        return [year for year in range(a.year, b.year + 1) if year not in self.known_years]


def seed_calendar(country: Literal["CN", "HK"], years: Iterable[int]) -> WorkingCalendar:
    """Propose a calendar for a society to keep and edit, from the `holidays` package.

    CN: a year counts as published once the package carries the State Council's notice, with its make-up
    workdays; before that it holds the statutory days only, without guesses at what is moved where.
    HK: the General Holidays Ordinance fixes every year, so each counts as published.
    """
    wanted = frozenset(years)
    if country == "HK":
        # Sunday is the only weekend there, so days moved off a Sunday are the ordinance, not a guess.
        return WorkingCalendar(frozenset(country_holidays("HK", years=wanted)), frozenset(), wanted)
    published = wanted & ChinaStaticHolidays.special_public_holidays.keys()
    noticed = country_holidays("CN", years=published)
    statutory = country_holidays("CN", years=wanted - published, observed=False)
    return WorkingCalendar(
        holidays=frozenset(
            {day for day in noticed if day.year in published}
            | {day for day in statutory if day.year in wanted - published}
        ),
        workdays=frozenset(day for day in noticed.weekend_workdays if day.year in published),
        known_years=published,
    )
