"""The journal of this society: who did what to which, when and why."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import word
from api.v1.resource import Resource
from huilian.journal.models import Record
from huilian.journal.queries import search_records


class JournalQuery(serializers.Serializer[Any]):
    verb = word(60, help_text="`application.refused`, or a family such as `application`.")
    actor = word(120, help_text="Part of who acted.")
    subject_id = word(64, help_text="The id of what it was done to.")


@example(
    {
        "seq": 12,
        "at": "2026-02-20T01:00:00Z",
        "actor": "user:1 王芳",
        "verb": "code.minted",
        "subject_type": "referrals.referralcode",
        "subject_id": "c1a2b3c4-d5e6-4f70-8a9b-0c1d2e3f4a5b",
        "reason": "",
        "facts": {"label": "Annual meeting 2026"},
        "digest": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
    }
)
class RecordRow(serializers.ModelSerializer[Record]):
    """One act; `digest` chains it to the one before, so that nothing can be changed or left out unnoticed."""

    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Record
        fields = ("seq", "at", "actor", "verb", "subject_type", "subject_id", "reason", "facts", "digest")
        read_only_fields = fields


class Journal(Resource):
    scopes: ClassVar = {"GET": "journal:read"}

    @operation(
        "list_journal", "The journal, the newest first", answer=RecordRow(many=True), query=JournalQuery, tag="Journal"
    )
    def get(self, request: Request) -> Response:
        return self.page(search_records(**self.read_query(JournalQuery)), RecordRow)
