"""What an act was done to, as two words that stay when the row is gone."""

from django.db import models

Subject = models.Model | tuple[str, str]


def subject_of(subject: Subject) -> tuple[str, str]:
    """(type, id) of a row, e.g. ("applications.application", "5f0c…"), or of what has no row."""
    if isinstance(subject, models.Model):
        return subject._meta.label_lower, str(subject.pk)
    return subject
