"""Money arriving: each attempt to pay a bill, and the vouchers that prove it."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentAttempt(models.Model):
    class State(models.TextChoices):
        REPORTED = "reported", _("Voucher received")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")
        REFUND_DUE = "refund_due", _("Received, to be refunded")  # the bill was cancelled meanwhile

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED)
    payer_name = models.CharField(max_length=100, blank=True)
    transferred_on = models.DateField(null=True, blank=True)
    voucher = models.CharField(max_length=200, blank=True)  # path in this society's media
    voucher_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    reported_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-reported_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["bill"], condition=models.Q(state="reported"), name="payments_one_open_attempt"
            ),
            models.UniqueConstraint(
                fields=["bill"], condition=models.Q(state="confirmed"), name="payments_one_confirmed_attempt"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "reported_at"], name="payments_queue")]

    def __str__(self) -> str:
        return f"{self.provider} {self.amount_minor} {self.currency}: {self.state}"
