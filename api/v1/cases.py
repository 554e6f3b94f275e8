"""The approvals desk at headquarters: read a case, take it on, decide it."""

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import society_number, word
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from federation.ledger.models import Case, Decision
from huilian.accounts.queries import local_day
from huilian.applications import deciding
from huilian.journal.actors import actor_of
from kit import clock

_ROW: dict[str, Any] = {
    "id": "0b9f2a56-9d1c-4a4f-8d7a-3f3c0a1d2e4f",
    "society": "201",
    "application_id": "7d1c2b3a-0f0e-4d4c-8b8a-1a2b3c4d5e6f",
    "reference": "A201-KQ27M-9TXCD",
    "step": "review",
    "persons": 1,
    "name": "李明",
    "kind": "person",
    "category": "senior",
    "channel": "member",
    "recommender_number": "2010000007G",
    "scheme_version": 1,
    "state": "open",
    "opened_at": "2026-02-01T01:00:00Z",
    "due_on": "2026-02-14",
    "claimed_by": "",
    "claimed_at": None,
    "outcome": "",
    "decided_at": None,
    "version": 1,
}


class CaseQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Case.State.values, required=False)
    society = society_number(required=False, help_text="Number of the applicant's society.")
    category = word(help_text="Code of a category of the scheme.")
    claimed = serializers.ChoiceField(
        ["me", "nobody"], required=False, help_text="Taken on by the token's user, or by nobody yet."
    )
    overdue = serializers.BooleanField(required=False, help_text="Only open cases whose day has passed.")


@example(_ROW)
class CaseRow(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = tuple(_ROW)
        read_only_fields = fields


class DecisionRow(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = ("officer_name", "outcome", "reasons", "at")
        read_only_fields = fields


class DuplicateRow(serializers.Serializer[Any]):
    """A sign that the same person or body is known elsewhere: it says where, never who."""

    society = serializers.CharField()
    what = serializers.CharField(help_text="`member` or `application`")
    state = serializers.CharField()
    same = serializers.ListField(child=serializers.CharField(), help_text="`phone`, `email`, `id_number`")
    reapply_on = serializers.DateField(allow_null=True)


@example(
    {
        **_ROW,
        "dossier": {"answers": {"name": "李明", "employer": "浙江大学"}, "papers": [], "steps": []},
        "decisions": [],
        "duplicates": [{"society": "101", "what": "member", "state": "lapsed", "same": ["phone"], "reapply_on": None}],
    }
)
class CaseDetail(CaseRow):
    """A case with its dossier; papers stay in the society and are opened on the console."""

    dossier = serializers.DictField()
    decisions = DecisionRow(many=True)
    duplicates = DuplicateRow(many=True)

    class Meta(CaseRow.Meta):
        fields = (*CaseRow.Meta.fields, "dossier", "decisions", "duplicates")
        read_only_fields = fields


@example({"outcome": "refused", "reasons": "The title named is not a senior one.", "version": 1})
class Verdict(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(["approved", "refused"])
    reasons = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=deciding.REASON_LENGTH,
        help_text="Needed for a refusal; the applicant reads them.",
    )
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="Of the case as it was read: an older one is refused.",
    )


class Cases(Resource):
    scopes: ClassVar = {"GET": "cases:read"}

    @operation(
        "list_cases",
        "Cases, the most urgent first",
        answer=CaseRow(many=True),
        query=CaseQuery,
        tag="Cases",
    )
    def get(self, request: Request) -> Response:
        return self.page(self._found(**self.read_query(CaseQuery)), CaseRow)

    def _found(self, *, claimed: str, overdue: bool, **equal: str) -> QuerySet[Case]:
        rows = Case.objects.filter(**{name: value for name, value in equal.items() if value})
        if claimed:
            rows = rows.filter(claimed_by="" if claimed == "nobody" else actor_of(self.user))
        if overdue:
            rows = rows.filter(state=Case.State.OPEN, due_on__lt=local_day(clock.now()))
        return rows.defer("dossier").order_by(F("due_on").asc(nulls_last=True), "opened_at", "id")


class CaseView(Resource):
    scopes: ClassVar = {"GET": "cases:read"}

    @operation("read_case", "A case with its dossier", answer=CaseDetail, tag="Cases")
    def get(self, request: Request, case_id: UUID) -> Response:
        return Response(detail_of(get_object_or_404(Case, pk=case_id)))


class CaseClaim(Resource):
    scopes: ClassVar = {"POST": "cases:write"}

    @operation("claim_case", "Take a case on", answer=CaseDetail, tag="Cases")
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        case = get_object_or_404(Case, pk=case_id)
        return Response(detail_of(deciding.claim_case(case, by_user=self.user, at=clock.now())))


class CaseRelease(Resource):
    scopes: ClassVar = {"POST": "cases:write"}

    @operation("release_case", "Leave a case to others", answer=CaseDetail, tag="Cases")
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        case = get_object_or_404(Case, pk=case_id)
        return Response(detail_of(deciding.release_case(case, by_user=self.user, at=clock.now())))


class CaseDecision(Resource):
    scopes: ClassVar = {"POST": "cases:write"}

    @operation(
        "decide_case",
        "Decide a case",
        body=Verdict,
        answer=CaseDetail,
        description="The society of the applicant is told by message. Where the scheme wants several officers, the "
        "last approval, or any refusal, ends the case. Who recommended the applicant cannot decide.",
        tag="Cases",
    )
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        verdict = self.read_body(Verdict)
        case = get_object_or_404(Case, pk=case_id)
        return Response(detail_of(deciding.decide_case(case, **verdict, by_user=self.user, at=clock.now())))


def detail_of(case: Case) -> dict[str, Any]:
    """A case as it is answered, with who decided it and where the applicant is known: five queries."""
    return {
        **CaseRow(case).data,
        "dossier": case.dossier,
        "decisions": DecisionRow(case.decisions.order_by("at", "pk"), many=True).data,
        "duplicates": [{**asdict(each), "same": list(each.same)} for each in deciding.known_elsewhere(case)],
    }
