"""The books balance at every step, refuse what does not, and are told to headquarters."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from federation.models import OutboxMessage
from huilian.billing import queries
from huilian.billing.booking import Side, book
from huilian.billing.models import Account, Bill, Entry
from huilian.billing.services import (
    await_payment,
    choose_years,
    open_bill,
    replay,
)
from tests.billing.books import WANG
from tests.billing.cast import AT, dues, opened


def test_a_transaction_that_does_not_balance_is_not_written(in_hq: Any) -> None:
    bill = opened()
    with pytest.raises(ValueError, match="does not balance"):
        book(bill, [Side(Account.BANK, 5000), Side(Account.RECEIVABLE, -4999)], memo="x", by=WANG, at=AT)
    assert Entry.objects.count() == 2


def test_dues_booked_for_no_year_are_not_built_upon(in_hq: Any) -> None:
    bill = opened()
    book(bill, [Side(Account.DUES, -1), Side(Account.RECEIVABLE, 1)], memo="by hand", by=WANG, at=AT)
    with pytest.raises(ValueError, match="for no year"):
        choose_years(bill, 2, AT)


def test_entries_are_never_changed_or_deleted(in_hq: Any) -> None:
    opened()
    for act in (lambda: Entry.objects.update(amount_minor=1), lambda: Entry.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()
    assert queries.balances()["receivable"] == 5000


def test_the_amount_is_always_unit_times_years(in_hq: Any) -> None:
    opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.update(amount_minor=4999)


def test_wrong_books_are_found(in_hq: Any) -> None:
    bill = opened()
    Entry.objects.create(
        transaction_id=uuid4(),
        bill=bill,
        account=Account.RECEIVABLE,
        amount_minor=1,
        currency="CNY",
        memo="by hand",
        booked_by=WANG,
        booked_at=AT,
    )
    assert len(queries.unbalanced_transactions()) == 1
    assert queries.bills_out_of_books() == [bill.number]


def test_fees_are_reported_again_as_they_stand(in_hq: Any) -> None:
    bills = [opened() for _n in range(3)]
    OutboxMessage.objects.all().delete()
    assert replay([bills[0].pk, bills[2].pk]) == 2
    assert list(OutboxMessage.objects.values_list("type", flat=True)) == ["fee.reported"] * 2


def test_the_statement_names_every_bill_in_one_query(in_hq: Any) -> None:
    bills = [opened() for _n in range(3)]
    choose_years(bills[1], 2, AT)
    with CaptureQueriesContext(connection) as captured:
        rows = set(queries.statement_rows())
    assert len(captured) == 1
    assert rows == {
        (bills[0].pk, 1, "open", 5000),
        (bills[1].pk, 2, "open", 10000),
        (bills[2].pk, 1, "open", 5000),
    }


def test_overdue_bills_are_those_still_open_after_their_day(in_hq: Any) -> None:
    bill, paid = opened(), opened()
    await_payment(paid, at=AT)
    assert list(queries.overdue_bills(date(2026, 7, 1))) == []
    assert list(queries.overdue_bills(date(2026, 7, 2))) == [bill]


def test_the_bill_reaches_the_member_society_and_the_fee_book(federation: Any) -> None:
    from federation.ledger.models import FeeEntry

    with federation.inside(federation.hq):
        bill = open_bill(dues(), sender="101", at=AT)
        choose_years(bill, 2, AT)
    federation.settle()
    with federation.inside(federation.hq):
        entry = FeeEntry.objects.get(payee="100", bill_id=bill.pk)
        assert (entry.amount_minor, entry.state, entry.society) == (10000, "open", "101")
