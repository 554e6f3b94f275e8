"""Telling someone something: what was to be said, by which road, and whether it arrived."""

import uuid
from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """One letter to one address; queued with the change that caused it, sent by a task."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)  # "email" | "sms"
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    words = models.JSONField(default=dict, db_default={}, blank=True)  # an SMS's facts, for a provider's template
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["queued_at"], condition=models.Q(state="queued"), name="notices_queue")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.queued_at:%Y-%m-%d %H:%M}"


class Wording(models.Model):
    """A society's own words for one event in one language; an empty text means the catalogue's."""

    event = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    email = models.TextField(blank=True)
    sms = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "language"], name="notices_one_wording_each")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.language}"
