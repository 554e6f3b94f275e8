"""Indexes by which the bills of a member and of an applicant are found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("billing", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="bill",
            index=models.Index(
                fields=["application_id"],
                condition=models.Q(application_id__isnull=False),
                name="billing_bill_of_applicant",
            ),
        ),
        AddIndexConcurrently(
            model_name="bill",
            index=models.Index(
                fields=["member_id"], condition=models.Q(member_id__isnull=False), name="billing_bill_of_member"
            ),
        ),
    ]
