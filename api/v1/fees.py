"""Headquarters' fee book: every bill of the federation, as its payee last reported it."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import society_number, word
from api.v1.resource import Resource
from federation.ledger.listing import fees
from federation.ledger.models import FeeEntry


class FeeQuery(serializers.Serializer[Any]):
    society = society_number(required=False, help_text="Number of the society whose member owes.")
    category = word(help_text="Code of a category of the scheme.")
    state = serializers.ChoiceField(["open", "reported", "settled", "cancelled"], required=False)


@example(
    {
        "payee": "100",
        "bill_id": "9f1b0a3c-6a55-4a0e-8a5a-0f4e1f2f9c10",
        "society": "101",
        "number": "B2026-000001",
        "category": "ordinary",
        "years": 5,
        "amount_minor": 25000,
        "currency": "CNY",
        "state": "settled",
        "opened_at": "2026-02-01T01:00:00Z",
        "settled_at": "2026-02-03T02:15:07Z",
        "reported_at": "2026-02-03T02:15:07Z",
    }
)
class FeeRow(serializers.ModelSerializer[FeeEntry]):
    """A bill; amounts are in minor units (fen, cents)."""

    class Meta:
        model = FeeEntry
        fields = (
            "payee",
            "bill_id",
            "society",
            "number",
            "category",
            "years",
            "amount_minor",
            "currency",
            "state",
            "opened_at",
            "settled_at",
            "reported_at",
        )
        read_only_fields = fields


class Fees(Resource):
    scopes: ClassVar = {"GET": "fees:read"}

    @operation(
        "list_fees",
        "The fee book of the federation",
        answer=FeeRow(many=True),
        query=FeeQuery,
        description="All bills of all payees, the newest first.",
        tag="Fees",
    )
    def get(self, request: Request) -> Response:
        return self.page(fees(**self.read_query(FeeQuery)), FeeRow)
