"""Opening a bill for dues, and choosing for how many years to pay."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from federation.contracts import DuesRequested
from huilian.billing import rules
from huilian.billing.booking import book_dues
from huilian.billing.models import Bill
from huilian.billing.numbering import bill_number, give_back_serial, take_serial
from huilian.billing.services.changing import change_bill, lock_bill
from huilian.billing.services.reporting import report_bill
from huilian.journal.actors import SYSTEM
from huilian.journal.services import record
from tenants.context import current

PAYER = "payer"  # whoever holds the ticket to the cashier's page


@transaction.atomic
def open_bill(message: DuesRequested, *, sender: str, at: datetime) -> Bill:
    """Open the bill that a society asks for; asked again for the same debt, it reports the same bill again.

    Raises Refusal `not_a_payee` or `dues_senseless`.
    """
    rules.check_payee()
    rules.check_request(message)
    year = at.astimezone(ZoneInfo(current().time_zone)).year
    serial = take_serial(year)  # from here on nobody else opens a bill
    bill = _known_bill(message, sender)
    if bill is not None:
        give_back_serial(year)
        report_bill(bill, at=at)
        return bill
    bill = Bill.objects.create(
        number=bill_number(year, serial),
        society_number=sender,
        application_id=message.application_id,
        member_id=message.member_id,
        payer_name=message.payer_name,
        category=message.category,
        unit_minor=message.unit_minor,
        years=1,
        max_years=message.max_years,
        amount_minor=message.unit_minor,
        currency=message.currency,
        dues_resolution=message.dues_resolution,
        scheme_version=message.scheme_version,
        opened_at=at,
        due_on=message.due_on,
    )
    book_dues(bill, memo=f"dues {bill.number}", by=SYSTEM, at=at)
    report_bill(bill, at=at)
    record(
        "bill.opened",
        bill,
        by=SYSTEM,
        at=at,
        number=bill.number,
        society=sender,
        application=bill.application_id,
        amount_minor=bill.amount_minor,
        currency=bill.currency,
    )
    return bill


@transaction.atomic
def choose_years(bill: Bill, years: int, at: datetime, *, by: str = PAYER) -> Bill:
    """Set for how many years is paid, as long as nothing has been paid.

    Raises Refusal `years_out_of_range`, or with 409 how the bill stands: `payment_being_checked`,
    `bill_settled`, `bill_cancelled`.
    """
    rules.check_years(bill, years)
    lock_bill(bill)
    rules.check_state(bill, Bill.State.OPEN)
    if years == bill.years:
        return bill
    before = bill.years
    change_bill(bill, at=at, years=years, amount_minor=bill.unit_minor * years)
    book_dues(bill, memo=f"dues {bill.number}: {before} → {years}", by=by, at=at)
    record("bill.years_chosen", bill, by=by, at=at, before=before, years=years, amount_minor=bill.amount_minor)
    return bill


def _known_bill(message: DuesRequested, sender: str) -> Bill | None:
    """The bill of the same debt: of the application, or else the member's unpaid one."""
    bills = Bill.objects.filter(society_number=sender)
    if message.application_id is not None:
        return bills.filter(application_id=message.application_id).exclude(state=Bill.State.CANCELLED).first()
    unpaid = (Bill.State.OPEN, Bill.State.REPORTED)
    return bills.filter(application_id=None, member_id=message.member_id, state__in=unpaid).first()
