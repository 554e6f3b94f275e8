"""What headquarters remembers of rows whose newest report is all that their own tables keep."""

from typing import ClassVar

from django.db import models


class Change(models.Model):
    """How one row counts from a day on, until its next change. Appended only."""

    measure = models.CharField(max_length=12)  # members | applications | fees
    society = models.CharField(max_length=3)  # in whose sums
    reporter = models.CharField(max_length=3)
    row_id = models.UUIDField()
    cut = models.CharField(max_length=80)  # the facets, e.g. `person|ordinary|active`; empty: the row is gone
    amount_minor = models.BigIntegerField(default=0)
    from_on = models.DateField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["society", "measure", "row_id", "id"], name="ledger_change_of_row")
        ]


class Movement(models.Model):
    """By how much a sum moved on a day; kept once more for the day's month and for its year.

    What stood at the end of a day is the sum over whole years, whole months and days up to it: at most 53 rows a sum.
    """

    span = models.CharField(max_length=5)  # day | month | year
    first_on = models.DateField()  # the first day of the span
    society = models.CharField(max_length=3)
    measure = models.CharField(max_length=12)
    cut = models.CharField(max_length=80)
    count = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["span", "first_on", "society", "measure", "cut"], name="ledger_movement_key"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["society"], name="ledger_movement_society")]


class HistoryStart(models.Model):
    """From which day on every change is kept, where the books are older than that; at most one row."""

    on = models.DateField()
