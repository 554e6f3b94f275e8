"""Decisions of the council and the congress, recorded."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from federation.ledger.models import Resolution
from kit.errors import Refusal


def record_resolution(
    *, number: str, meeting: str, resolved_on: date, subject: str, text: str, by: str, at: datetime
) -> Resolution:
    """Record a resolution; its number is used once."""
    for name, value in {"number": number, "meeting": meeting, "subject": subject, "text": text}.items():
        if not value.strip():
            raise Refusal("field_needed", _("Fill this in."), field=name)
    try:
        with transaction.atomic():
            return Resolution.objects.create(
                number=number.strip(),
                meeting=meeting.strip(),
                resolved_on=resolved_on,
                subject=subject.strip(),
                text=text.strip(),
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError:
        raise Refusal(
            "resolution_exists", _("A resolution with this number is recorded already."), field="number", status=409
        ) from None
