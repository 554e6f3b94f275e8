"""Schemes as this society received them: every version kept, so that an old decision stays explicable."""

from typing import ClassVar

from django.db import models


class SchemeVersion(models.Model):
    """A published scheme document; `document` is the canonical JSON of `document.Scheme`."""

    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    effective_on = models.DateField()
    document = models.JSONField()
    published_at = models.DateTimeField()
    own = models.BooleanField(default=False)  # a provincial society's own scheme, for its own members

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "version"], name="schemes_key_version")
        ]


class Holiday(models.Model):
    """One editable day of the working calendar: a holiday, or a make-up workday."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField(default=False)
    label = models.CharField(max_length=60, blank=True)
