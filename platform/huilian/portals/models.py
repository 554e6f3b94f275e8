"""What members of staff keep for themselves at the console."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """A list's filter under a name, for the one who saved it and nobody else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=20)  # a key of `saved_filters.PAGES`
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)  # as it stands in the address
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="portals_one_filter_a_name")
        ]

    def __str__(self) -> str:
        return self.name
