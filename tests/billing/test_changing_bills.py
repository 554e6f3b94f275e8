"""A bill is changed only while nothing is paid, and its books follow."""

from datetime import date
from typing import Any

import pytest

from huilian.billing import queries
from huilian.billing.models import Bill, Entry
from huilian.billing.services import (
    await_payment,
    book_settlement,
    cancel_bill,
    choose_years,
)
from huilian.billing.services.changing import change_bill, lock_bill, step_to
from tests.at_once import at_once
from tests.billing.books import LATER, WANG, balanced, balances, refused
from tests.billing.cast import AT, entries_of, opened, told


def test_five_years_are_income_of_five_dated_years(in_hq: Any) -> None:
    bill = choose_years(opened(), 5, LATER)
    assert (bill.years, bill.amount_minor, bill.version) == (5, 25000, 2)
    income = [(year.year, year.amount_minor) for year in queries.income_by_year()]
    assert income == [(year, 5000) for year in range(2026, 2031)]
    assert entries_of(bill)[2:] == [
        ("receivable", 20000, None),
        *[("dues", -5000, date(year, 6, 1)) for year in range(2027, 2031)],
    ]
    assert told(bill)[-1] == ("open", 25000, 2, "")
    assert balanced()


def test_fewer_years_reverse_what_was_booked(in_hq: Any) -> None:
    bill = opened()
    for years in (5, 2, 4, 1):
        choose_years(bill, years, at=LATER)
        assert (bill.amount_minor, balanced()) == (5000 * years, True)
        assert queries.balances() == balances(receivable=5000 * years, dues=-5000 * years)
    assert [year for year in queries.income_by_year() if year.amount_minor] == [queries.YearIncome(2026, "CNY", 5000)]
    assert bill.version == 5


def test_the_same_years_chosen_again_change_nothing(in_hq: Any) -> None:
    bill = choose_years(opened(), 3, AT)
    choose_years(bill, 3, LATER)
    assert (bill.version, Entry.objects.count(), len(told(bill))) == (2, 5, 2)


@pytest.mark.parametrize("years", [0, -1, 6, 10**9, True, 2.0])
def test_impossible_years_are_refused(in_hq: Any, years: Any) -> None:
    bill = opened()
    error = refused(choose_years, bill, years, AT)
    assert (error.code, error.field) == ("years_out_of_range", "years") and "5" in str(error)
    assert Bill.objects.get().years == 1


def test_years_are_fixed_as_soon_as_a_payment_is_reported(in_hq: Any) -> None:
    bill = opened()
    await_payment(bill, at=AT)
    assert refused(choose_years, bill, 2, AT).code == "payment_being_checked"
    book_settlement(bill, by=WANG, at=LATER)
    assert refused(choose_years, bill, 2, AT).code == "bill_settled"
    cancelled = cancel_bill(opened(), reason="x", by=WANG, at=AT)
    error = refused(choose_years, cancelled, 2, AT)
    assert (error.code, error.status) == ("bill_cancelled", 409)


def test_a_change_that_is_not_based_on_the_last_version_is_a_bug_and_not_written(in_hq: Any) -> None:
    bill = opened()
    stale = Bill.objects.get(pk=bill.pk)
    choose_years(bill, 2, AT)
    with pytest.raises(RuntimeError, match="changed while it was locked"):
        change_bill(stale, at=AT, years=5, amount_minor=25000)
    assert Bill.objects.get().years == 2 and len(told(bill)) == 2


def test_a_bill_is_locked_within_a_transaction_or_not_at_all(federation: Any) -> None:
    with federation.inside(federation.hq):
        bill = opened()
        with pytest.raises(RuntimeError, match="outside a transaction"):
            lock_bill(bill)


def test_a_step_that_is_not_in_the_table_is_refused(in_hq: Any) -> None:
    bill = opened()
    assert refused(step_to, bill, Bill.State.SETTLED, at=AT).code == "bill_open"
    assert Bill.objects.get().state == "open"


def test_two_tabs_choose_at_once_and_the_books_agree_with_the_bill(federation: Any) -> None:
    with federation.inside(federation.hq):
        bill = opened()

    def choose(years: int) -> int:
        return choose_years(Bill.objects.get(pk=bill.pk), years, AT).years

    outcomes = at_once(federation.hq, [lambda years=years: choose(years) for years in (2, 3, 4, 5) * 2])  # type: ignore[misc]
    assert outcomes == [2, 3, 4, 5] * 2
    with federation.inside(federation.hq):
        assert balanced()
        assert Bill.objects.get().amount_minor == -queries.balances()["dues"]
