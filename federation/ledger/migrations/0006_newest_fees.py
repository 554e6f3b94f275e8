"""An index by which the fee book is read from its newest bill."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0005_under_way")]

    operations = [
        AddIndexConcurrently(
            model_name="feeentry",
            index=models.Index(fields=["-opened_at", "-id"], name="ledger_fee_opened"),
        ),
    ]
