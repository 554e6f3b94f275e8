"""Telling of a bill: the fee book at headquarters, and the society whose member owes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from federation.contracts import BillReported, FeeReported
from federation.outbox import publish
from huilian.billing.models import Bill
from tenants.kinds import HEADQUARTERS_NUMBER


def report_bill(bill: Bill, *, at: datetime, reason: str = "") -> None:
    """Publish the bill as it stands to both; in the transaction of the change, after its version rose."""
    report_fee(bill)
    publish(
        BillReported(
            application_id=bill.application_id,
            member_id=bill.member_id,
            bill_id=bill.pk,
            number=bill.number,
            state=bill.state,
            years=bill.years,
            amount_minor=bill.amount_minor,
            currency=bill.currency,
            reason=reason,
            at=at,
            bill_version=bill.version,
        ),
        to=bill.society_number,
    )


def report_fee(bill: Bill) -> None:
    """Publish the bill to the fee book alone."""
    publish(
        FeeReported(
            bill_id=bill.pk,
            society=bill.society_number,
            number=bill.number,
            category=bill.category,
            years=bill.years,
            amount_minor=bill.amount_minor,
            currency=bill.currency,
            state=bill.state,
            opened_at=bill.opened_at,
            settled_at=bill.settled_at,
            row_version=bill.version,
        ),
        to=HEADQUARTERS_NUMBER,
    )


@transaction.atomic
def replay(ids: Collection[UUID]) -> int:
    """Report these bills to the fee book again as they stand; returns how many of them are in our books."""
    bills = list(Bill.objects.filter(pk__in=ids).order_by("pk"))
    for bill in bills:
        report_fee(bill)
    return len(bills)
