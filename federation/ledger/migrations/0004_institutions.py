"""An index by which institutions are listed and counted among a million persons."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0003_cases_of_a_day")]

    operations = [
        AddIndexConcurrently(
            model_name="rollentry",
            index=models.Index(
                fields=["sort_key", "id"],
                include=["society", "category", "state"],
                condition=models.Q(kind="institution"),
                name="ledger_roll_institutions",
            ),
        ),
    ]
