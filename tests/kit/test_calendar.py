from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.calendar import WorkingCalendar, seed_calendar

CHINA = seed_calendar("CN", [2025, 2026])
EMPTY = WorkingCalendar(frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),  # Thursday, New Year
        (date(2026, 1, 2), False),  # Friday, moved to
        (date(2026, 1, 4), True),  # Sunday, made up
        (date(2026, 2, 14), True),  # Saturday, made up for Spring Festival
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 5, 9), True),
        (date(2026, 9, 20), True),
        (date(2026, 9, 25), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),  # an ordinary Sunday
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
    ],
)
def test_china_works_as_the_state_council_published(day: date, works: bool) -> None:
    assert CHINA.is_working_day(day) is works


def test_china_has_all_make_up_days_of_2026() -> None:
    assert sorted(day for day in CHINA.workdays if day.year == 2026) == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
        date(2026, 10, 10),
    ]  # fmt: skip
    assert {day.year for day in CHINA.holidays | CHINA.workdays} == {2025, 2026}
    assert CHINA.known_years == {2025, 2026}


def test_a_make_up_day_may_lie_in_the_year_before() -> None:
    # 31 December 2011 was worked for 3 January 2012.
    assert date(2011, 12, 31) in seed_calendar("CN", [2011]).workdays


def test_three_working_days_across_the_national_holiday() -> None:
    # Wednesday before the holiday: the 8th, the 9th, and the Saturday that is made up.
    assert CHINA.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert CHINA.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert CHINA.working_days_between(date(2026, 10, 10), date(2026, 9, 30)) == -3


def test_no_days_on_means_the_next_day_somebody_works() -> None:
    assert CHINA.add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 8)
    assert CHINA.add_working_days(date(2026, 10, 8), 0) == date(2026, 10, 8)
    with pytest.raises(ValueError, match="forward"):
        CHINA.add_working_days(date(2026, 10, 8), -1)


def test_an_unpublished_year_is_a_guess_that_says_so() -> None:
    calendar = seed_calendar("CN", [2026, 2090])
    assert calendar.known_years == {2026}
    assert calendar.unpublished_years(date(2026, 12, 30), date(2026, 12, 31)) == []
    assert calendar.unpublished_years(date(2026, 12, 30), date(2091, 1, 1))[:2] == [2027, 2028]
    assert calendar.unpublished_years(date(2090, 1, 1), date(2090, 2, 1)) == [2090]
    # The statutory days are law in any year; moved days and make-up days are not known.
    assert not calendar.is_working_day(date(2090, 10, 2))
    assert date(2090, 10, 1) in calendar.holidays
    assert {day for day in calendar.workdays if day.year == 2090} == set()
    statutory = {day for day in calendar.holidays if day.year == 2090}
    assert len(statutory) == 13


def test_a_year_without_any_dates_is_monday_to_friday() -> None:
    assert EMPTY.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert EMPTY.working_days_between(date(2026, 11, 20), date(2026, 11, 27)) == 5
    assert EMPTY.unpublished_years(date(2026, 12, 1), date(2027, 1, 1)) == [2026, 2027]


def test_hong_kong_has_its_own_holidays_and_no_make_up_days() -> None:
    calendar = seed_calendar("HK", [2026])
    assert calendar.known_years == {2026}
    assert calendar.workdays == frozenset()
    assert len(calendar.holidays) == 18
    assert not calendar.is_working_day(date(2026, 7, 1))
    assert not calendar.is_working_day(date(2026, 4, 7))
    assert calendar.is_working_day(date(2026, 10, 5))
    assert not calendar.is_working_day(date(2026, 10, 10))


def test_an_edited_calendar_obeys_its_editor() -> None:
    edited = WorkingCalendar(frozenset({date(2026, 11, 23)}), frozenset({date(2026, 11, 22)}), frozenset({2026}))
    assert edited.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 22)
    assert edited.add_working_days(date(2026, 11, 20), 2) == date(2026, 11, 24)


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(days, st.integers(0, 60), st.sampled_from([CHINA, EMPTY]))
def test_counting_undoes_adding(start: date, n: int, calendar: WorkingCalendar) -> None:
    end = calendar.add_working_days(start, n)
    assert calendar.is_working_day(end)
    if n:
        assert calendar.working_days_between(start, end) == n
        assert calendar.working_days_between(start, end - timedelta(days=1)) == n - 1


@given(days, days, days)
def test_counts_add_up(a: date, b: date, c: date) -> None:
    count = CHINA.working_days_between
    assert count(a, b) + count(b, c) == count(a, c)
