"""The finance office confirms that money arrived, or rejects a voucher with its reason; the first one counts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.billing.models import Bill
from huilian.billing.services import book_settlement, reopen_bill
from huilian.billing.services.changing import lock_bill
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.payments.models import PaymentAttempt
from kit.clean_text import clean_text
from kit.errors import Refusal
from kit.money import Money

_REASON_LENGTH = 500
_State = PaymentAttempt.State


@transaction.atomic
def confirm_payment(
    attempt: PaymentAttempt, *, by_user: User, at: datetime, received_minor: int | None = None
) -> PaymentAttempt:
    """The money is in the account: settle the bill. `received_minor` is what the account shows, if it was typed.

    Where the bill was cancelled or its application ended meanwhile, the attempt becomes REFUND_DUE instead and
    the money is booked as owed back. Raises Refusal `forbidden` (403), `already_decided` (409) or
    `amount_differs`, for `received_minor`.
    """
    require(by_user, "payment.confirm")
    bill = attempt.bill
    lock_bill(bill)
    _check_amount(attempt, bill, attempt.amount_minor if received_minor is None else received_minor)
    owed_back = bill.state == Bill.State.CANCELLED or bill.withdrawn_at is not None
    by = actor_of(by_user)
    _decide(attempt, _State.REFUND_DUE if owed_back else _State.CONFIRMED, by=by, at=at)
    book_settlement(bill, by=by, at=at)
    record(
        "payment.confirmed",
        attempt,
        by=by,
        at=at,
        bill=bill.number,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
        outcome=attempt.state,
    )
    return attempt


@transaction.atomic
def reject_payment(attempt: PaymentAttempt, *, reason: str, by_user: User, at: datetime) -> PaymentAttempt:
    """The money did not come, or the voucher proves nothing: the bill is open again, and the payer is told why.

    Raises Refusal `forbidden` (403), `reason_missing` or `already_decided` (409).
    """
    require(by_user, "payment.confirm")
    reason = clean_text(reason, max_length=_REASON_LENGTH, field="reason", multiline=True)
    if not reason:
        raise Refusal("reason_missing", _("Say why the voucher is rejected: the payer reads it."), field="reason")
    bill = attempt.bill
    lock_bill(bill)
    by = actor_of(by_user)
    _decide(attempt, _State.REJECTED, by=by, at=at, reason=reason)
    reopen_bill(bill, reason=reason, by=by, at=at)
    record("payment.rejected", attempt, by=by, at=at, reason=reason, bill=bill.number)
    return attempt


def _decide(attempt: PaymentAttempt, state: PaymentAttempt.State, *, by: str, at: datetime, reason: str = "") -> None:
    """Decide it if nobody has; two officers at once are one who decides and one who is told."""
    waiting = PaymentAttempt.objects.filter(pk=attempt.pk, state=_State.REPORTED)
    decided = waiting.update(state=state, decided_by=by, decided_at=at, reason=reason)
    attempt.refresh_from_db(fields=["state", "decided_by", "decided_at", "reason"])
    if not decided:
        raise Refusal(
            "already_decided",
            _("This payment has been decided already: %(state)s."),
            status=409,
            state=attempt.get_state_display(),
        )


def _check_amount(attempt: PaymentAttempt, bill: Bill, received_minor: int) -> None:
    if received_minor == attempt.amount_minor == bill.amount_minor:
        return
    raise Refusal(
        "amount_differs",
        _(
            "The bill %(number)s is over %(owed)s, but %(received)s arrived. "
            "If that is so, reject the payment and say why."
        ),
        field="received_minor",
        number=bill.number,
        owed=Money(bill.amount_minor, bill.currency),
        received=Money(received_minor, bill.currency),
    )
