"""Handing a voucher to finance, and writing down who looked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.payments.models import PaymentAttempt
from huilian.payments.vouchers import Voucher, read_voucher
from kit.errors import Refusal


@transaction.atomic
def open_voucher(attempt: PaymentAttempt, *, by_user: User, at: datetime) -> Voucher:
    """The voucher of a payment; raises Refusal `forbidden` (403) or `voucher_missing` (404)."""
    require(by_user, "payment.see")
    voucher = read_voucher(attempt.voucher, called=attempt.bill.number) if attempt.voucher else None
    if voucher is None:
        raise Refusal("voucher_missing", _("There is no voucher with this payment."), status=404)
    record("voucher.opened", attempt, by=actor_of(by_user), at=at, bill=attempt.bill.number)
    return voucher
