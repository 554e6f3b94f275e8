"""Headquarters only: the roll, the approvals desk and the fee book, projected from every society's messages."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from federation.ledger.changes import Change, HistoryStart, Movement
from federation.ledger.telling import said

__all__ = [
    "ApplicationEntry",
    "Case",
    "Change",
    "Decision",
    "FeeEntry",
    "HistoryStart",
    "Movement",
    "Reconciliation",
    "Resolution",
    "RollEntry",
    "Rollup",
    "SignInName",
    "SocietyOrder",
]


class RollEntry(models.Model):
    """A member of any society, as last reported. Keyed (society, member)."""

    society = models.CharField(max_length=3)
    member_id = models.UUIDField()
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    category = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    sort_key = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=20)
    referral_code = models.CharField(max_length=30, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    email_hash = models.CharField(max_length=64, blank=True)
    id_number_hash = models.CharField(max_length=64, blank=True)
    joined_on = models.DateField()
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    version = models.PositiveIntegerField()
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["society", "member_id"], name="ledger_roll_key"),
            models.UniqueConstraint(fields=["society", "number"], name="ledger_roll_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["number"], name="ledger_roll_by_number"),
            models.Index(fields=["society", "state", "category"], name="ledger_roll_facets"),
            models.Index(fields=["sort_key", "id"], name="ledger_roll_sorted"),
            models.Index(
                fields=["sort_key", "id"],
                include=["society", "category", "state"],
                condition=models.Q(kind="institution"),
                name="ledger_roll_institutions",
            ),
            models.Index(fields=["phone_hash"], name="ledger_roll_phone"),
            models.Index(fields=["email_hash"], name="ledger_roll_email"),
            models.Index(fields=["id_number_hash"], name="ledger_roll_identity"),
        ]


class ApplicationEntry(models.Model):
    """An application of any society, as last reported, whether or not headquarters has a step in it."""

    society = models.CharField(max_length=3)
    application_id = models.UUIDField()
    reference = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    category = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    step = models.CharField(max_length=20, blank=True)
    step_due_on = models.DateField(null=True)
    channel = models.CharField(max_length=20)
    referral_code = models.CharField(max_length=30, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    email_hash = models.CharField(max_length=64, blank=True)
    id_number_hash = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reapply_on = models.DateField(null=True)
    version = models.PositiveIntegerField()
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["society", "application_id"], name="ledger_application_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["society", "state"], name="ledger_app_facets"),
            models.Index(fields=["-submitted_at"], name="ledger_app_submitted"),
            models.Index(
                fields=["-submitted_at", "-id"], condition=models.Q(state="in_progress"), name="ledger_app_under_way"
            ),
            models.Index(fields=["phone_hash"], name="ledger_app_phone"),
            models.Index(fields=["email_hash"], name="ledger_app_email"),
            models.Index(fields=["id_number_hash"], name="ledger_app_identity"),
        ]


class Case(models.Model):
    """A step that belongs to headquarters, with the dossier needed to decide it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("case", "Open")
        DECIDED = "decided", pgettext_lazy("case", "Decided")
        CLOSED = "closed", _("Closed")  # withdrawn or expired before a decision

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    society = models.CharField(max_length=3)
    application_id = models.UUIDField()
    step_index = models.SmallIntegerField()
    step = models.CharField(max_length=20)
    persons = models.PositiveSmallIntegerField(default=1)  # how many different officers must approve
    reference = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12)
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    recommender_number = models.CharField(max_length=20, blank=True)
    dossier = models.JSONField(default=dict)
    scheme_version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # approved | refused
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["society", "application_id", "step_index"], name="ledger_case_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="ledger_case_queue"),
            models.Index(fields=["decided_at"], include=["opened_at", "due_on", "society"], name="ledger_case_decided"),
        ]


class Decision(models.Model):
    """What one officer decided in a case, with reasons. Appended only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    officer = models.CharField(max_length=120)
    officer_name = models.CharField(max_length=100)
    outcome = models.CharField(max_length=10)
    reasons = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "officer"], name="ledger_one_decision_per_officer")
        ]


class FeeEntry(models.Model):
    """A bill of any payee in the federation, as last reported by the payee."""

    payee = models.CharField(max_length=3)
    bill_id = models.UUIDField()
    society = models.CharField(max_length=3)  # whose member owes
    number = models.CharField(max_length=30)
    category = models.CharField(max_length=40)
    years = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField()
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["payee", "bill_id"], name="ledger_fee_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["society", "state"], name="ledger_fee_facets"),
            models.Index(fields=["-settled_at"], name="ledger_fee_settled"),
            models.Index(fields=["-opened_at", "-id"], name="ledger_fee_opened"),
        ]


class Rollup(models.Model):
    """A sum kept beside the projections, in the same transaction: one row per (society, measure, cut, day).

    `measure` is one of members, applications, fees; `cut` the facets, e.g. `person|ordinary|active`;
    `month` the first of the month for what happened in a month, or None for what stands now. Rows with a month are
    also kept with an empty `society`, for the federation as a whole.
    """

    society = models.CharField(max_length=3)
    measure = models.CharField(max_length=20)
    cut = models.CharField(max_length=80)
    month = models.DateField(null=True)
    count = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["society", "measure", "cut", "month"], nulls_distinct=False, name="ledger_rollup_key"
            )
        ]


class SignInName(models.Model):
    """Where an account lives: keyed hash of a phone or an e-mail, and the society that knows it."""

    name_hash = models.CharField(max_length=64)
    society = models.CharField(max_length=3)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name_hash", "society"], name="ledger_sign_in_name")
        ]


class Resolution(models.Model):
    """A recorded decision of the council or congress."""

    number = models.CharField(_("resolution number"), max_length=60, unique=True)
    meeting = models.CharField(_("meeting"), max_length=120)
    resolved_on = models.DateField(_("date"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    recorded_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()


class SocietyOrder(models.Model):
    """An order to open, suspend, resume or upgrade societies, carried out by the worker with the provisioner's role."""

    class State(models.TextChoices):
        ORDERED = "ordered", pgettext_lazy("order", "Ordered")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verb = models.CharField(max_length=20)  # open | suspend | resume | upgrade
    society = models.CharField(max_length=3, blank=True)
    details = models.JSONField(default=dict)
    reason = models.TextField()
    ordered_by = models.CharField(max_length=120)
    ordered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ORDERED)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    message = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)

    @property
    def answer(self) -> str:
        """What the worker says, in the reader's language."""
        return said(self.message)


class Reconciliation(models.Model):
    """One comparison of headquarters with one society's own statement."""

    society = models.CharField(max_length=3, db_index=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    statement = models.JSONField(null=True)
    differences = models.JSONField(default=list)
    agrees = models.BooleanField(null=True)
