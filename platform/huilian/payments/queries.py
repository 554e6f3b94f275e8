"""Questions about payments."""

from django.db.models import QuerySet

from huilian.billing.models import Bill
from huilian.billing.queries import find_bill
from huilian.payments.models import PaymentAttempt
from kit.clean_text import clean_text
from kit.errors import Refusal


def waiting_payments() -> QuerySet[PaymentAttempt]:
    """What finance has to look at, the oldest first, each with its bill."""
    waiting = PaymentAttempt.objects.filter(state=PaymentAttempt.State.REPORTED)
    return waiting.select_related("bill").order_by("reported_at", "pk")


def search_payments(text: str = "", *, state: str = "") -> QuerySet[PaymentAttempt]:
    """Payments by payer, bill number or payment reference, the newest first, each with its bill."""
    found = PaymentAttempt.objects.select_related("bill").order_by("-reported_at", "pk")
    wanted = clean_text(text, max_length=100, field="text")
    if wanted:
        try:
            bill = find_bill(wanted)
        except Refusal:
            found = found.filter(payer_name__icontains=wanted)
        else:
            found = found.filter(bill=bill)
    return found.filter(state=state) if state else found


def attempts_of(bill: Bill) -> QuerySet[PaymentAttempt]:
    """Every attempt to pay a bill, the newest first."""
    return PaymentAttempt.objects.filter(bill=bill).order_by("-reported_at", "pk")


def same_voucher(attempt: PaymentAttempt) -> QuerySet[PaymentAttempt]:
    """Other payments that show the very same voucher: one transfer, perhaps reported twice."""
    others = PaymentAttempt.objects.filter(voucher_sha256=attempt.voucher_sha256).exclude(voucher_sha256="")
    return others.exclude(pk=attempt.pk).select_related("bill").order_by("reported_at", "pk")
