"""Societies' own wording of letters, and the facts that an SMS provider's template asks for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="words",
            field=models.JSONField(blank=True, default=dict, db_default={}),
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("email", models.TextField(blank=True)),
                ("sms", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=120)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("event", "language"), name="notices_one_wording_each")],
            },
        ),
    ]
