"""An index by which the applications that are under way are listed among all that ever were."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0004_institutions")]

    operations = [
        AddIndexConcurrently(
            model_name="applicationentry",
            index=models.Index(
                fields=["-submitted_at", "-id"], condition=models.Q(state="in_progress"), name="ledger_app_under_way"
            ),
        ),
    ]
