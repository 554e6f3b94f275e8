"""Where a member's portrait lies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="portrait",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
