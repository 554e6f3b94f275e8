"""Joining: an application, its papers, and each step it walked."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Application(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_PROGRESS = "in_progress", _("In progress")
        MEMBER = "member", pgettext_lazy("application", "Member")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    category = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)  # person | institution
    scheme_version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    step_index = models.SmallIntegerField(default=-1)  # index into the category's route; -1 before submission
    step = models.CharField(max_length=20, blank=True)  # kind of the step at `step_index`; empty when it ended
    step_actor = models.CharField(max_length=12, blank=True)  # society | headquarters | applicant | system
    step_entered_at = models.DateTimeField(null=True)
    step_due_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)  # of the step it stands at
    channel = models.CharField(max_length=20)
    referral_code = models.CharField(max_length=30, blank=True)
    recommender_number = models.CharField(max_length=20, blank=True)
    ticket = models.JSONField(default=dict)  # `channels.ApplyTicket` as it came: who recommended, by which rules
    language = models.CharField(max_length=10, default="zh-hans")
    attribution_id = models.UUIDField(null=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    id_type = models.CharField(max_length=30, blank=True)
    id_number_sealed = models.TextField(blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    email_hash = models.CharField(max_length=64, blank=True, db_index=True)
    id_number_hash = models.CharField(max_length=64, blank=True, db_index=True)
    contact_confirmed_at = models.DateTimeField(null=True)
    confirmed_hash = models.CharField(max_length=64, blank=True)  # of the phone or e-mail that was confirmed
    answers = models.JSONField(default=dict)
    interests = models.JSONField(default=list)  # society numbers, at most the scheme's `interests_max`
    consents = models.JSONField(default=list)  # [purpose, version] of what was agreed to at submission
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True)
    reapply_on = models.DateField(null=True)
    # What is owed, frozen when it was asked for; None where nothing is.
    dues_unit_minor = models.BigIntegerField(null=True)
    dues_period_years = models.PositiveSmallIntegerField(default=1)  # what one unit pays for; 0: once for all
    # The payee's bill as last reported.
    bill_id = models.UUIDField(null=True)
    bill_number = models.CharField(max_length=30, blank=True)
    bill_state = models.CharField(max_length=10, blank=True)
    bill_years = models.PositiveSmallIntegerField(default=1)
    bill_amount_minor = models.BigIntegerField(null=True)
    bill_version = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "step_actor", "step_due_on"], name="applications_queue"),
            models.Index(fields=["-submitted_at"], name="applications_submitted"),
        ]
        # Two tabs, a double click: one live application per person and kind. Only what is proven to be one's
        # own counts: an unconfirmed address alone must neither block its owner nor tell who else applied.
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["confirmed_hash", "kind"],
                condition=models.Q(state="in_progress") & ~models.Q(confirmed_hash=""),
                name="applications_one_live_per_contact",
            ),
            models.UniqueConstraint(
                fields=["phone_hash", "email_hash", "kind"],
                condition=models.Q(state="in_progress") & ~models.Q(phone_hash="") & ~models.Q(email_hash=""),
                name="applications_one_live_per_pair",
            ),
            models.UniqueConstraint(
                fields=["id_number_hash", "kind"],
                condition=models.Q(state="in_progress") & ~models.Q(id_number_hash=""),
                name="applications_one_live_per_identity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"


class Paper(models.Model):
    """An uploaded paper; the bytes lie in this society's media under a name of our own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)  # as the applicant called it, for display only
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)


class StepRecord(models.Model):
    """What happened at one step of the route and who did it. Appended only."""

    class Outcome(models.TextChoices):
        SUBMITTED = "submitted"
        ENTERED = "entered"
        APPROVED = "approved"  # by one of the several persons whom the step needs
        DONE = "done"
        SKIPPED = "skipped"
        RETURNED = "returned"  # to the step before: a voucher was rejected
        OVERDUE = "overdue"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    step_index = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    actor = models.CharField(max_length=120)
    reason = models.TextField(blank=True)
    due_on = models.DateField(null=True)  # by when it was to be done, as promised when it was entered
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
