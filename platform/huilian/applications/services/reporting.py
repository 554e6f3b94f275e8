"""Telling headquarters how an application stands; the highest version wins there."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F

from federation.contracts import ApplicationReported
from federation.outbox import publish
from huilian.applications.models import Application
from tenants.kinds import HEADQUARTERS_NUMBER


def report(application: Application) -> None:
    """Report an application that was submitted; a draft is nobody's business."""
    if application.submitted_at is None:
        return
    publish(
        ApplicationReported(
            application_id=application.pk,
            reference=application.reference,
            kind=application.kind,
            category=application.category,
            state=application.state,
            step=application.step,
            step_due_on=application.step_due_on,
            channel=application.channel,
            referral_code=application.referral_code,
            phone_hash=application.phone_hash,
            email_hash=application.email_hash,
            id_number_hash=application.id_number_hash,
            submitted_at=application.submitted_at,
            ended_at=application.ended_at,
            reapply_on=application.reapply_on,
            row_version=application.version,
        ),
        to=HEADQUARTERS_NUMBER,
    )


@transaction.atomic
def replay(ids: Collection[UUID]) -> None:
    """Report these again, each as a newer version, so that whatever headquarters holds gives way."""
    submitted = Application.objects.filter(pk__in=ids, submitted_at__isnull=False)
    submitted.update(version=F("version") + 1)
    for application in submitted.order_by("pk"):
        report(application)
