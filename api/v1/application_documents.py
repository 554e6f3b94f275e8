"""How an application is written down: a row of a list, and the whole with its papers and its way."""

from dataclasses import asdict
from datetime import date
from typing import Any

from rest_framework import serializers

from api.v1.describing import example
from api.v1.revealing import identifiers, masked, revealed, shown_answers
from huilian.applications.models import Application, Paper
from huilian.applications.papers import papers_of
from huilian.applications.timeline import timeline

_ROW: dict[str, Any] = {
    "id": "7d1c2b3a-0f0e-4d4c-8b8a-1a2b3c4d5e6f",
    "reference": "A101-KQ27M-9TXCD",
    "state": "in_progress",
    "name": "李明",
    "phone": "",
    "email": "l***@example.org",
    "kind": "person",
    "category": "ordinary",
    "channel": "branch",
    "referral_code": "101-KQ27-M9TX-C",
    "recommender_number": "",
    "scheme_version": 1,
    "step": "pay",
    "step_actor": "applicant",
    "step_due_on": "2026-03-05",
    "created_at": "2026-02-03T01:00:00Z",
    "submitted_at": "2026-02-03T01:00:00Z",
    "ended_at": None,
    "reasons": "",
    "reapply_on": None,
    "bill_number": "B2026-000001",
    "bill_state": "open",
    "version": 3,
}
_PAPER: dict[str, Any] = {
    "id": "1e9c1f7a-33a0-4c5e-9d53-0b8a7f6e5d4c",
    "code": "photo",
    "file_name": "portrait.jpg",
    "content_type": "image/jpeg",
    "size": 48211,
    "uploaded_at": "2026-02-03T01:00:00Z",
}


@example(_ROW)
class ApplicationRow(serializers.ModelSerializer[Application]):
    """An application; phone and e-mail are masked. A new `version` tells that something has changed."""

    phone = serializers.CharField()
    email = serializers.CharField()

    class Meta:
        model = Application
        fields = tuple(_ROW)
        read_only_fields = fields

    def to_representation(self, instance: Application) -> dict[str, Any]:
        return {**super().to_representation(instance), **masked(instance)}


@example(_PAPER)
class PaperRow(serializers.ModelSerializer[Paper]):
    class Meta:
        model = Paper
        fields = tuple(_PAPER)
        read_only_fields = fields


class StepDocument(serializers.Serializer[Any]):
    """One stop of the way: done, now, next, skipped or failed; `clock_days` are working days."""

    kind = serializers.CharField()
    state = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    clock_days = serializers.IntegerField(allow_null=True)
    actor = serializers.CharField(source="actor_text")
    reason = serializers.CharField(allow_blank=True)
    overdue = serializers.BooleanField()


@example(
    {
        **_ROW,
        "id_type": "resident",
        "id_number": "330*************12",
        "interests": ["101"],
        "answers": {"name": "李明", "email": "***", "employer": "浙江大学"},
        "papers": [_PAPER],
        "timeline": [
            {
                "kind": "pay",
                "state": "now",
                "at": None,
                "due_on": "2026-03-05",
                "clock_days": None,
                "actor": "You",
                "reason": "",
                "overdue": False,
            }
        ],
    }
)
class ApplicationDocument(ApplicationRow):
    """An application with its answers, papers and way. Identifiers are masked without scope `members:reveal`."""

    id_type = serializers.CharField()
    id_number = serializers.CharField()
    interests = serializers.ListField(child=serializers.CharField())
    answers = serializers.DictField()
    papers = PaperRow(many=True)
    timeline = StepDocument(many=True)

    class Meta(ApplicationRow.Meta):
        fields = (*_ROW, "id_type", "id_number", "interests", "answers", "papers", "timeline")
        read_only_fields = fields


def document_of(application: Application, *, on: date, reveal: bool = False) -> dict[str, Any]:
    """The whole application, in two queries beside its own."""
    known = revealed(application) if reveal else identifiers(application)
    steps = [asdict(step) for step in timeline(application, on=on)]
    return {
        **ApplicationRow(application).data,
        **known,
        "id_type": application.id_type,
        "interests": list(application.interests),
        "answers": shown_answers(application.answers, reveal=reveal),
        "papers": PaperRow(papers_of(application), many=True).data,
        "timeline": StepDocument(steps, many=True).data,
    }
