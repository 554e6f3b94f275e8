"""The walk along a route by itself: no database, exact steps and days."""

from datetime import date

import pytest

from huilian.applications.route import due_on, dues_row, entitlement, next_stop, years_on_offer
from huilian.schemes.document import Category, DuesRow, Scheme, Step
from huilian.schemes.loading import load_preset
from kit.calendar import seed_calendar

CMES, AIET = load_preset("cmes"), load_preset("aiet")
CHINA = seed_calendar("CN", [2026])
ON = date(2026, 3, 2)


def walk(category: Category, *, at_headquarters: bool = False, owes: bool = True) -> list[str]:
    """Every stop in turn, with what was passed by in brackets."""
    stops, index = [], -1
    while True:
        stop = next_stop(category, index, at_headquarters=at_headquarters, owes=owes)
        stops += [f"({category.route[passed].kind})" for passed in stop.skipped]
        stops.append(stop.step.kind)
        index = stop.index
        if stop.step.kind == "activate":
            return stops


@pytest.mark.parametrize(
    "scheme, code, steps",
    [
        (CMES, "student", ["activate"]),
        (CMES, "ordinary", ["pay", "confirm", "activate"]),
        (CMES, "senior", ["endorse", "review", "pay", "confirm", "activate"]),
        (CMES, "institutional", ["endorse", "review", "pay", "confirm", "activate"]),
        (AIET, "individual", ["review", "activate"]),
        (AIET, "institutional", ["review", "activate"]),
    ],
)
def test_every_route_of_the_presets(scheme: Scheme, code: str, steps: list[str]) -> None:
    assert walk(scheme.category(code)) == steps


def test_headquarters_does_not_endorse_to_itself() -> None:
    assert walk(CMES.category("senior"), at_headquarters=True) == [
        "(endorse)", "review", "pay", "confirm", "activate",
    ]  # fmt: skip


def test_where_nothing_is_owed_nothing_is_paid() -> None:
    assert walk(CMES.category("ordinary"), owes=False) == ["(pay)", "(confirm)", "activate"]


def test_a_route_without_an_end_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without making anyone a member"):
        next_stop(CMES.category("student"), 0, at_headquarters=False, owes=False)


@pytest.mark.parametrize(
    "step, entered, due",
    [
        (Step("endorse", "society", clock_days=5), date(2026, 3, 2), date(2026, 3, 9)),
        (Step("endorse", "society", clock_days=5), date(2026, 3, 7), date(2026, 3, 13)),  # a Saturday
        (Step("review", "headquarters", clock_days=3), date(2026, 9, 30), date(2026, 10, 10)),  # National Day
        (Step("activate", "system"), date(2026, 3, 2), None),
        (Step("pay", "applicant"), date(2026, 3, 2), date(2026, 4, 1)),
    ],
)
def test_due_dates(step: Step, entered: date, due: date | None) -> None:
    assert due_on(CMES.category("ordinary"), step, entered_on=entered, calendar=CHINA) == due


def test_dues_are_those_of_the_day() -> None:
    row = dues_row(CMES, CMES.category("ordinary"), on=ON)
    assert row is not None and row.amount_minor == 5000
    assert dues_row(CMES, CMES.category("student"), on=ON) is None
    assert dues_row(AIET, AIET.category("individual"), on=ON) is None


def row(period_years: int) -> DuesRow:
    return DuesRow(date(2019, 1, 1), 5000, "r", "m", period_years=period_years)


def test_only_dues_by_the_year_are_paid_for_several_years() -> None:
    ordinary = CMES.category("ordinary")
    assert [years_on_offer(ordinary, row(period)) for period in (1, 0, 3)] == [5, 1, 1]


@pytest.mark.parametrize(
    "units, period, years",
    [
        (None, 1, 1),  # free: the category's term
        (5, 1, 5),
        (1, 3, 3),
        (1, 0, 1),  # once for all: the first term
    ],
)
def test_entitlement_years_lie_end_to_end(units: int | None, period: int, years: int) -> None:
    periods = entitlement(CMES.category("ordinary"), paid_units=units, period_years=period, from_on=ON)
    assert [(each.from_on, each.to_on) for each in periods] == [
        (date(2026 + n, 3, 2), date(2027 + n, 3, 2)) for n in range(years)
    ]


def test_years_from_a_leap_day_do_not_drift() -> None:
    periods = entitlement(CMES.category("ordinary"), paid_units=5, from_on=date(2028, 2, 29))
    assert [each.from_on for each in periods] == [
        date(2028, 2, 29), date(2029, 3, 1), date(2030, 3, 1), date(2031, 3, 1), date(2032, 2, 29),
    ]  # fmt: skip
