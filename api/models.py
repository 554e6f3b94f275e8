"""The memory of answered requests: a creating POST with the same key is answered the same way."""

from typing import ClassVar

from django.db import models


class IdempotentRequest(models.Model):
    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    body_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)  # None while the first request is running
    response = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["actor", "key"], name="api_one_answer_per_key")
        ]
