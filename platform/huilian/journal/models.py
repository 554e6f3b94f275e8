"""Append-only record of who did what to which, when and why; chained by hash."""

from typing import ClassVar

from django.db import models


class JournalHead(models.Model):
    """The end of the chain: one row, locked while a record is added."""

    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")


class Record(models.Model):
    """One act. Appended by services only; the database refuses UPDATE and DELETE."""

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="journal_subject"),
            models.Index(fields=["verb", "-seq"], name="journal_verb"),
        ]
