"""Consent: per purpose, in a version, given and withdrawn as easily; each act is a row of its own."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huilian.members.models import Consent
from huilian.members.queries import consents_of
from kit.errors import Refusal


def record_consents(subject_id: UUID, purposes: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """Record consent to (purpose, version); the subject is a member, or an applicant by the application."""
    given = [
        Consent(subject_id=subject_id, purpose=purpose, version=version, given=True, at=at)
        for purpose, version in purposes
    ]
    if given:
        Consent.objects.bulk_create(given)


def withdraw_consent(subject_id: UUID, purpose: str, *, at: datetime) -> Consent:
    """Record that the subject withdrew; raises Refusal `consent_not_given`, status 409."""
    last = consents_of(subject_id).get(purpose)
    if last is None or not last.given:
        raise Refusal("consent_not_given", _("There is no consent to withdraw."), status=409)
    return Consent.objects.create(subject_id=subject_id, purpose=purpose, version=last.version, given=False, at=at)
