"""Is headquarters the sum of its societies? Ask, read the answer, have differences repaired."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import society_number
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from federation.ledger.models import Reconciliation
from huilian.applications import deciding
from kit import clock

_ROW: dict[str, Any] = {
    "id": 12,
    "society": "101",
    "asked_at": "2026-02-03T02:00:00Z",
    "answered_at": "2026-02-03T02:00:01Z",
    "agrees": True,
    "differences": [],
}


class ReconciliationQuery(serializers.Serializer[Any]):
    society = society_number(required=False, help_text="Number of one society.")
    state = serializers.ChoiceField(["asked", "agrees", "differs"], required=False)


class DifferenceRow(serializers.Serializer[Any]):
    """A row on which both sides do not agree; an empty digest stands for a row that is not there."""

    aggregate = serializers.CharField()
    id = serializers.CharField()
    here = serializers.CharField(allow_blank=True)
    there = serializers.CharField(allow_blank=True)


@example(_ROW)
class ReconciliationRow(serializers.ModelSerializer[Reconciliation]):
    """One comparison; `agrees` is null until the society's statement has come."""

    agrees = serializers.BooleanField(allow_null=True, read_only=True)
    differences = DifferenceRow(many=True, read_only=True)

    class Meta:
        model = Reconciliation
        fields = ("id", "society", "asked_at", "answered_at", "agrees", "differences")
        read_only_fields = fields


@example({"societies": ["101", "201"]})
class ReconciliationWish(serializers.Serializer[Any]):
    """Which societies to ask; without a list, all of them."""

    societies = serializers.ListField(child=society_number(), required=False, allow_empty=False, max_length=200)


@example({"results": [_ROW]})
class ReconciliationsAsked(serializers.Serializer[Any]):
    results = ReconciliationRow(many=True)


@example({"rows": 3})
class RepairAsked(serializers.Serializer[Any]):
    rows = serializers.IntegerField(help_text="How many rows the society was asked to report again.")


class Reconciliations(Resource):
    scopes: ClassVar = {"GET": "summary:read", "POST": "border:write"}

    @operation(
        "list_reconciliations",
        "Comparisons, the newest first",
        answer=ReconciliationRow(many=True),
        query=ReconciliationQuery,
        tag="Border",
    )
    def get(self, request: Request) -> Response:
        return self.page(_found(**self.read_query(ReconciliationQuery)), ReconciliationRow)

    @operation(
        "ask_reconciliation",
        "Compare headquarters with its societies",
        body=ReconciliationWish,
        answer=ReconciliationsAsked,
        status=202,
        description="Each society's statement comes by message: read the comparisons again after a moment.",
        tag="Border",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        numbers = self.read_body(ReconciliationWish)["societies"]
        asked = deciding.reconcile(numbers=sorted(set(numbers)) if numbers else None, by_user=self.user, at=clock.now())
        return Response({"results": ReconciliationRow(asked, many=True).data}, status=202)


class ReconciliationView(Resource):
    scopes: ClassVar = {"GET": "summary:read"}

    @operation("read_reconciliation", "One comparison", answer=ReconciliationRow, tag="Border")
    def get(self, request: Request, reconciliation_id: int) -> Response:
        return Response(ReconciliationRow(get_object_or_404(Reconciliation, pk=reconciliation_id)).data)


class ReconciliationRepair(Resource):
    scopes: ClassVar = {"POST": "border:write"}

    @operation(
        "repair_reconciliation",
        "Have the differing rows reported again",
        answer=RepairAsked,
        status=202,
        description="The rows come by message; compare once more afterwards.",
        tag="Border",
    )
    @idempotent
    def post(self, request: Request, reconciliation_id: int) -> Response:
        reconciliation = get_object_or_404(Reconciliation, pk=reconciliation_id)
        rows = deciding.repair(reconciliation, by_user=self.user, at=clock.now())
        return Response({"rows": rows}, status=202)


def _found(*, society: str, state: str) -> QuerySet[Reconciliation]:
    rows = Reconciliation.objects.order_by("-pk").defer("statement")
    if society:
        rows = rows.filter(society=society)
    agrees = {"asked": None, "agrees": True, "differs": False}
    return rows.filter(agrees=agrees[state]) if state else rows
