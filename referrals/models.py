"""Channels people come by: codes, the scans of them, and the attribution frozen with an application."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralCode(models.Model):
    class Kind(models.TextChoices):
        SOCIETY = "society", _("Society")
        MEMBER = "member", _("Member")
        INSTITUTION = "institution", _("Institution")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("code"), max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    label = models.CharField(_("campaign"), max_length=80, blank=True)
    member_id = models.UUIDField(null=True, blank=True)  # the recommender, a member of this society
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # half-open
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        permissions = [("manage_code", "May manage this referral code")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["member_id"],
                condition=models.Q(revoked_at=None) & ~models.Q(member_id=None),
                name="referrals_one_live_code_per_member",
            )
        ]

    def __str__(self) -> str:
        return self.code


class CodeDay(models.Model):
    """The funnel of one code on one day: scans, applications, members."""

    code = models.ForeignKey(ReferralCode, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    scans = models.PositiveIntegerField(default=0)
    applications = models.PositiveIntegerField(default=0)
    members = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "day"], name="referrals_code_day")
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.day}"


class Attribution(models.Model):
    """By whom an application came, as it stood at submission. Appended only; a transfer adds a row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField(db_index=True)
    channel = models.CharField(max_length=20)  # branch | province | member | institution | headquarters
    code = models.CharField(max_length=30, blank=True)
    recommender_society = models.CharField(max_length=3, blank=True)
    recommender_number = models.CharField(max_length=20, blank=True)
    recommender_name = models.CharField(max_length=100, blank=True)
    recommender_category = models.CharField(max_length=40, blank=True)
    recommender_rank = models.SmallIntegerField(null=True)
    recommender_standing_to = models.DateField(null=True)
    scheme_version = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} {self.recommender_number or self.code}".strip()
