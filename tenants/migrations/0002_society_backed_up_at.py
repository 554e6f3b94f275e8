from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="society",
            name="backed_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
