"""Working days: the State's calendar, corrected day by day by the society."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huilian.journal.models import Record
from huilian.schemes import queries
from huilian.schemes.models import Holiday
from huilian.schemes.queries import working_calendar
from huilian.schemes.services import set_holiday
from kit.errors import Refusal
from tenants.models import Society

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    queries._holidays.clear()
    yield
    queries._holidays.clear()


def test_the_published_calendar_holds(in_welding: Society) -> None:
    calendar = working_calendar(around=DAY)
    assert not calendar.is_working_day(date(2026, 10, 1))  # National Day
    assert calendar.is_working_day(date(2026, 3, 2))
    assert not calendar.is_working_day(date(2026, 3, 7))  # a Saturday


def test_a_society_corrects_single_days(in_welding: Society) -> None:
    set_holiday(date(2026, 3, 4), is_working=False, label="停电", by="user:1 王", at=AT)
    set_holiday(date(2026, 3, 7), is_working=True, label="调休", by="user:1 王", at=AT)
    set_holiday(date(2026, 10, 1), is_working=True, label="值班", by="user:1 王", at=AT)
    calendar = working_calendar(around=DAY)
    assert not calendar.is_working_day(date(2026, 3, 4))
    assert calendar.is_working_day(date(2026, 3, 7))
    assert calendar.is_working_day(date(2026, 10, 1))
    assert calendar.add_working_days(date(2026, 3, 2), 5) == date(2026, 3, 9)
    set_holiday(date(2026, 3, 4), is_working=True, label="", by="user:1 王", at=AT)
    assert working_calendar(around=DAY).is_working_day(date(2026, 3, 4))
    assert Holiday.objects.count() == 3
    assert Record.objects.filter(verb="calendar.day_set").count() == 4


def test_a_label_is_short_and_readable(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        set_holiday(date(2026, 3, 4), is_working=False, label="长" * 61, by="user:1", at=AT)
    assert refused.value.code == "text_too_long"
    assert Holiday.objects.count() == 0


def test_hong_kong_has_its_own(in_welding: Society) -> None:
    assert not working_calendar("HK", around=DAY).is_working_day(date(2026, 7, 1))
    assert working_calendar("CN", around=DAY).is_working_day(date(2026, 7, 1))


def test_it_is_read_once_a_minute(in_welding: Society, django_assert_num_queries: Any) -> None:
    working_calendar("CN", around=DAY)
    with django_assert_num_queries(0):
        working_calendar("CN", around=DAY)
