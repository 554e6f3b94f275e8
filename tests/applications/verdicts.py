"""Verdicts of headquarters, and what they leave behind."""

from datetime import timedelta
from typing import Any

from federation.contracts import VerdictGiven
from federation.models import OutboxMessage
from huilian.applications.models import Application, StepRecord
from huilian.journal.queries import records_of
from huilian.notices.models import Notice
from tests.applications.forms import AT

LATER = AT + timedelta(days=1)


def messages(name: str) -> list[dict[str, Any]]:
    return list(OutboxMessage.objects.filter(type=name).order_by("id").values_list("payload", flat=True))


def verdict(application: Application, outcome: str = "approved", **changes: Any) -> VerdictGiven:
    facts: dict[str, Any] = {
        "application_id": application.pk,
        "step_index": application.step_index,
        "outcome": outcome,
        "reasons": "" if outcome == "approved" else "材料不足以证明具有高级职称。",
        "decided_at": LATER,
        **changes,
    }
    return VerdictGiven(**facts)


def outcomes(application: Application) -> list[tuple[str, str]]:
    return list(StepRecord.objects.filter(application=application).values_list("kind", "outcome"))


def snapshot(application: Application) -> tuple[Any, ...]:
    """What must not change when somebody is refused."""
    stored = Application.objects.get(pk=application.pk)
    counts = [model.objects.count() for model in (StepRecord, OutboxMessage, Notice)]
    return (stored.state, stored.step, stored.version, *counts, len(records_of(application)))
