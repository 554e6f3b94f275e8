"""An index by which the cases that were undecided on a day are found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0002_history")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["decided_at"], include=["opened_at", "due_on", "society"], name="ledger_case_decided"
            ),
        ),
    ]
