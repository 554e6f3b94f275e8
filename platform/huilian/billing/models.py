"""What is owed and what is booked. Lives with the legal entity that is owed."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Bill(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("To be paid")
        REPORTED = "reported", _("Payment being checked")
        SETTLED = "settled", pgettext_lazy("bill", "Paid")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("bill number"), max_length=30, unique=True)
    society_number = models.CharField(max_length=3)  # whose member owes
    application_id = models.UUIDField(null=True)
    member_id = models.UUIDField(null=True)
    payer_name = models.CharField(max_length=100)
    category = models.CharField(max_length=40)
    unit_minor = models.BigIntegerField()  # dues of one year when the debt arose
    years = models.PositiveSmallIntegerField(default=1)
    max_years = models.PositiveSmallIntegerField(default=1)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    dues_resolution = models.CharField(max_length=200, blank=True)
    scheme_version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # the application ended when money was on its way or here
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["society_number", "application_id"],
                condition=~models.Q(state="cancelled"),
                name="billing_one_live_bill_each",
            ),
            models.UniqueConstraint(
                fields=["society_number", "member_id"],
                condition=models.Q(state__in=["open", "reported"], application_id=None),
                name="billing_one_unpaid_bill_each",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor=models.F("unit_minor") * models.F("years")),
                name="billing_amount_is_unit_times_years",
            ),
            models.CheckConstraint(condition=models.Q(unit_minor__gte=0), name="billing_unit_not_negative"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="billing_state_due"),
            models.Index(  # cancelled ones, too
                fields=["application_id"],
                condition=models.Q(application_id__isnull=False),
                name="billing_bill_of_applicant",
            ),
            models.Index(
                fields=["member_id"], condition=models.Q(member_id__isnull=False), name="billing_bill_of_member"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BillSerial(models.Model):
    """The last bill number of a year; locked while a number is minted."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Account(models.TextChoices):
    """Chart of accounts, as small as double entry allows."""

    RECEIVABLE = "receivable", _("Dues receivable")
    BANK = "bank", pgettext_lazy("books", "Bank")
    DUES = "dues", _("Dues income")
    REFUNDS_DUE = "refunds_due", _("Refunds due")


class Entry(models.Model):
    """One side of a booking; the sides of a transaction sum to zero. Appended only."""

    transaction_id = models.UUIDField(db_index=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=20, choices=Account.choices)
    amount_minor = models.BigIntegerField()  # positive: debit, negative: credit
    currency = models.CharField(max_length=3)
    for_year_from = models.DateField(null=True)
    memo = models.CharField(max_length=200)
    booked_by = models.CharField(max_length=120)
    booked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"
