"""From money on its way to money in the bank, or back to an open bill."""

from datetime import datetime

from django.db import transaction

from huilian.billing import rules
from huilian.billing.booking import Side, book, book_dues
from huilian.billing.models import Account, Bill
from huilian.billing.services.changing import lock_bill, step_to
from huilian.journal.services import record


@transaction.atomic
def await_payment(bill: Bill, *, at: datetime) -> Bill:
    """Somebody reported a payment: nothing about the bill changes until it is checked. OPEN → REPORTED."""
    lock_bill(bill)
    rules.check_state(bill, Bill.State.OPEN)
    step_to(bill, Bill.State.REPORTED, at=at)
    return bill


@transaction.atomic
def book_settlement(bill: Bill, *, by: str, at: datetime) -> Bill:
    """The whole amount has arrived: REPORTED → SETTLED.

    Money for a bill that was cancelled, or whose application ended meanwhile, is owed back: the bill is (or
    becomes) CANCELLED and the amount is booked as a refund due.
    """
    lock_bill(bill)
    rules.check_state(bill, Bill.State.REPORTED, Bill.State.CANCELLED)
    if bill.state == Bill.State.REPORTED and bill.withdrawn_at is None:
        step_to(bill, Bill.State.SETTLED, at=at, settled_at=at)
        contra = Account.RECEIVABLE
        verb, memo = "bill.settled", f"payment {bill.number}"
    else:
        if bill.state == Bill.State.REPORTED:
            _cancel_withdrawn(bill, by=by, at=at)
        contra = Account.REFUNDS_DUE
        verb, memo = "bill.refund_due", f"payment {bill.number}, to be refunded"
    sides = [Side(Account.BANK, bill.amount_minor), Side(contra, -bill.amount_minor)]
    book(bill, sides, memo=memo, by=by, at=at)
    record(
        verb,
        bill,
        by=by,
        at=at,
        number=bill.number,
        amount_minor=bill.amount_minor,
        currency=bill.currency,
        years=bill.years,
    )
    return bill


@transaction.atomic
def reopen_bill(bill: Bill, *, reason: str, by: str, at: datetime) -> Bill:
    """The money did not come: REPORTED → OPEN, or CANCELLED if the application ended meanwhile."""
    lock_bill(bill)
    rules.check_state(bill, Bill.State.REPORTED, Bill.State.CANCELLED)
    if bill.state == Bill.State.REPORTED and bill.withdrawn_at is None:
        step_to(bill, Bill.State.OPEN, at=at, reason=reason)
    elif bill.state == Bill.State.REPORTED:
        _cancel_withdrawn(bill, by=by, at=at)
    return bill


def _cancel_withdrawn(bill: Bill, *, by: str, at: datetime) -> None:
    step_to(bill, Bill.State.CANCELLED, at=at, reason="withdrawn")
    book_dues(bill, memo=f"cancellation {bill.number}", by=by, at=at, owed=False)
