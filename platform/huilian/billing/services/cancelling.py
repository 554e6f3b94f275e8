"""Taking a bill back, by decision or because the application ended."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import DuesWithdrawn
from huilian.billing import rules
from huilian.billing.booking import Side, book, book_dues, dues_booked
from huilian.billing.models import Account, Bill
from huilian.billing.queries import bill_of_application
from huilian.billing.services.changing import lock_bill, step_to
from huilian.journal.actors import SYSTEM
from huilian.journal.services import record
from kit.clean_text import clean_text
from kit.errors import Refusal

_REASON_LENGTH = 500


@transaction.atomic
def cancel_bill(bill: Bill, *, reason: str, by: str, at: datetime) -> Bill:
    """Cancel an open bill and reverse what was booked; number and rows stay.

    Raises Refusal `reason_missing`, or how the bill stands (409): `payment_being_checked`, `bill_settled`,
    `bill_cancelled`.
    """
    reason = clean_text(reason, max_length=_REASON_LENGTH, field="reason", multiline=True)
    if not reason:
        raise Refusal("reason_missing", _("Say why the bill is cancelled."), field="reason")
    lock_bill(bill)
    rules.check_state(bill, Bill.State.OPEN)
    step_to(bill, Bill.State.CANCELLED, at=at, reason=reason)
    book_dues(bill, memo=f"cancellation {bill.number}", by=by, at=at, owed=False)
    record("bill.cancelled", bill, by=by, at=at, reason=reason, number=bill.number)
    return bill


@transaction.atomic
def withdraw_dues(message: DuesWithdrawn, *, sender: str, at: datetime) -> Bill | None:
    """The application ended: cancel its bill if it is open. Money on its way or here already is owed back.

    A payment being checked stays with finance, who finds the bill marked as withdrawn; dues already paid are
    booked over to the refunds due.
    """
    bill = bill_of_application(sender, message.application_id)
    if bill is None:
        return None
    lock_bill(bill)
    if bill.state == Bill.State.OPEN:
        return cancel_bill(bill, reason=message.reason or "withdrawn", by=SYSTEM, at=at)
    if bill.state == Bill.State.CANCELLED or bill.withdrawn_at is not None:
        return bill
    bill.withdrawn_at = at
    bill.save(update_fields=["withdrawn_at"])
    if bill.state == Bill.State.SETTLED:
        income = [Side(side.account, -side.amount_minor, side.for_year_from) for side in dues_booked(bill)]
        owed_back = Side(Account.REFUNDS_DUE, -sum(side.amount_minor for side in income))
        book(bill, [*income, owed_back], memo=f"withdrawal {bill.number}, to be refunded", by=SYSTEM, at=at)
    record("bill.withdrawn", bill, by=SYSTEM, at=at, reason=message.reason, number=bill.number, state=bill.state)
    return bill
