from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import clock
from kit.clock import HalfOpen, add_years, split_years


def test_now_is_this_moment_in_utc() -> None:
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_today_depends_on_where_the_wall_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    assert clock.today("Asia/Shanghai") == date(2026, 11, 23)
    assert clock.today(ZoneInfo("Europe/London")) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2026, 11, 22), 1, date(2027, 11, 22)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
        (date(2028, 2, 29), 1, date(2029, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2028, 2, 28), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), -1, date(2027, 3, 1)),
    ],
)
def test_years_are_added(day: date, years: int, later: date) -> None:
    assert add_years(day, years) == later


def test_no_year_lies_beyond_the_calendar() -> None:
    with pytest.raises(ValueError, match="year"):
        add_years(date(9999, 1, 1), 1)
    with pytest.raises(ValueError, match="year"):
        add_years(date(9996, 2, 29), 5)


def test_a_period_keeps_its_first_day_and_leaves_its_last() -> None:
    year = HalfOpen(date(2026, 1, 1), date(2027, 1, 1))
    assert year.days == 365
    assert year.contains(date(2026, 1, 1))
    assert year.contains(date(2026, 12, 31))
    assert not year.contains(date(2027, 1, 1))
    assert not year.contains(date(2025, 12, 31))
    assert not year.overlaps(HalfOpen(date(2027, 1, 1), date(2028, 1, 1)))
    assert not HalfOpen(date(2027, 1, 1), date(2028, 1, 1)).overlaps(year)
    assert year.overlaps(HalfOpen(date(2026, 12, 31), date(2028, 1, 1)))
    assert year.overlaps(HalfOpen(date(2026, 6, 1), date(2026, 6, 2)))


@pytest.mark.parametrize("to_on", [date(2026, 1, 1), date(2025, 12, 31)])
def test_an_empty_period_is_none(to_on: date) -> None:
    with pytest.raises(ValueError, match="cannot end"):
        HalfOpen(date(2026, 1, 1), to_on)


def test_five_years_from_a_leap_day() -> None:
    assert [(period.from_on, period.to_on) for period in split_years(date(2028, 2, 29), 5)] == [
        (date(2028, 2, 29), date(2029, 3, 1)),
        (date(2029, 3, 1), date(2030, 3, 1)),
        (date(2030, 3, 1), date(2031, 3, 1)),
        (date(2031, 3, 1), date(2032, 2, 29)),
        (date(2032, 2, 29), date(2033, 3, 1)),
    ]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 10))
def test_paid_years_lie_end_to_end(from_on: date, count: int) -> None:
    periods = split_years(from_on, count)
    assert len(periods) == count
    assert periods[0].from_on == from_on
    assert periods[-1].to_on == add_years(from_on, count)
    for earlier, later in pairwise(periods):
        assert earlier.to_on == later.from_on
    for period in periods:
        assert timedelta(days=365) <= period.to_on - period.from_on <= timedelta(days=366)
