"""A payer reports a bank transfer and uploads its voucher."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.billing.models import Bill
from huilian.billing.rules import being_checked, check_state
from huilian.billing.services import await_payment
from huilian.billing.services.changing import lock_bill
from huilian.billing.services.opening import PAYER
from huilian.journal.services import record
from huilian.payments.models import PaymentAttempt
from huilian.payments.providers import PROVIDERS
from huilian.payments.vouchers import drop_voucher, keep_voucher
from kit.errors import Refusal
from kit.names import clean_name
from kit.uploads import CleanUpload, Upload, inspect_upload
from tenants.context import current

PROVIDER = PROVIDERS["remittance"].code
_OLDEST = timedelta(days=366)
_REPORTABLE = (Bill.State.OPEN, Bill.State.CANCELLED)


def report_remittance(
    bill: Bill,
    *,
    payer_name: str,
    transferred_on: date,
    voucher: Upload,
    at: datetime,
    by: str = PAYER,
) -> PaymentAttempt:
    """Take notice of a transfer of the whole bill; from now on nothing about the bill changes until it is checked.

    Also money for a bill that was cancelled meanwhile is taken notice of: finance finds and returns it.
    Raises Refusal `payment_being_checked`, `bill_settled` (409), `transferred_in_future`,
    `transferred_long_ago`, those of `kit.names.clean_name` for `payer_name`, or of
    `kit.uploads.inspect_upload` for `voucher`.
    """
    payer_name = clean_name(payer_name, field="payer_name")
    _check_day(transferred_on, at=at)
    check_state(bill, *_REPORTABLE)  # before the work on the file; again under the lock
    upload = inspect_upload(voucher, accepts={"image", "pdf"}, max_bytes=settings.UPLOAD_MAX_BYTES, field="voucher")
    path = keep_voucher(upload)
    try:
        return _report(
            bill, payer_name=payer_name, transferred_on=transferred_on, upload=upload, path=path, at=at, by=by
        )
    except Refusal:
        # Only where it is certain that no row names the file: a lost connection may yet have committed.
        drop_voucher(path)
        raise


@transaction.atomic
def _report(
    bill: Bill,
    *,
    payer_name: str,
    transferred_on: date,
    upload: CleanUpload,
    path: str,
    at: datetime,
    by: str,
) -> PaymentAttempt:
    lock_bill(bill)
    check_state(bill, *_REPORTABLE)
    if bill.state == Bill.State.OPEN:
        await_payment(bill, at=at)
    elif PaymentAttempt.objects.filter(bill=bill, state=PaymentAttempt.State.REPORTED).exists():
        raise being_checked(bill)
    attempt = PaymentAttempt.objects.create(
        bill=bill,
        provider=PROVIDER,
        amount_minor=bill.amount_minor,
        currency=bill.currency,
        payer_name=payer_name,
        transferred_on=transferred_on,
        voucher=path,
        voucher_sha256=upload.sha256,
        reported_at=at,
    )
    record(
        "payment.reported",
        attempt,
        by=by,
        at=at,
        bill=bill.number,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
        voucher_sha256=upload.sha256,
    )
    return attempt


def _check_day(transferred_on: date, *, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(current().time_zone)).date()
    if transferred_on > today:
        raise Refusal(
            "transferred_in_future",
            _("The day of the transfer lies in the future. Report the transfer when it has been made."),
            field="transferred_on",
        )
    if transferred_on < today - _OLDEST:
        raise Refusal(
            "transferred_long_ago",
            _("The day of the transfer lies more than a year back. Check the year."),
            field="transferred_on",
        )
