"""Handing a step to headquarters, with the dossier needed to decide it and no more."""

from collections.abc import Sequence
from typing import Any

from federation.contracts import CaseRequested
from federation.outbox import publish
from huilian.applications.answers import EMAIL_FIELDS, PHONE_FIELDS
from huilian.applications.models import Application, Paper, StepRecord
from huilian.applications.route import Stop
from huilian.schemes.fields import restricted_codes
from tenants.kinds import HEADQUARTERS_NUMBER

# How to reach somebody, and when they were born, decides nothing.
WITHHELD = frozenset(
    {"birth_date", "address", "postcode", "subscriptions", "gender"}
    | {code for codes in (*PHONE_FIELDS.values(), *EMAIL_FIELDS.values()) for code in codes}
)


def request_case(application: Application, stop: Stop, notes: Sequence[StepRecord]) -> None:
    """Ask headquarters for a verdict; the papers stay here and are opened by ticket."""
    publish(
        CaseRequested(
            application_id=application.pk,
            step_index=stop.index,
            step=stop.step.kind,
            persons=stop.step.persons,
            reference=application.reference,
            applicant=application.name,
            kind=application.kind,
            category=application.category,
            channel=application.channel,
            recommender_number=application.recommender_number,
            scheme_version=application.scheme_version,
            due_on=application.step_due_on,
            dossier=dossier_of(application, notes),
        ),
        to=HEADQUARTERS_NUMBER,
    )


def dossier_of(application: Application, notes: Sequence[StepRecord]) -> dict[str, Any]:
    """What an officer needs: answers without contacts and sensitive ones, papers by name, earlier steps."""
    withheld = WITHHELD | restricted_codes(application.answers)
    recommender = application.ticket.get("recommender") or {}
    papers = Paper.objects.filter(application=application, replaced_at=None).order_by("code", "uploaded_at")
    return {
        "answers": {code: answer for code, answer in application.answers.items() if code not in withheld},
        "interests": list(application.interests),
        "papers": [
            {
                "id": str(paper.pk),
                "code": paper.code,
                "file_name": paper.file_name,
                "content_type": paper.content_type,
                "size": paper.size,
            }
            for paper in papers
        ],
        "recommender": {
            "number": application.recommender_number,
            **{name: recommender.get(name, "") for name in ("society", "name", "category")},
        }
        if application.recommender_number
        else {},
        "submitted_at": application.submitted_at.isoformat() if application.submitted_at else "",
        "steps": [
            {"kind": note.kind, "outcome": note.outcome, "at": note.at.isoformat(), "reason": note.reason}
            for note in notes
            if note.outcome in (StepRecord.Outcome.DONE, StepRecord.Outcome.APPROVED)
        ],
    }
