"""Headquarters' roll: every member of the federation, as last reported."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import society_number, word
from api.v1.resource import Resource
from federation.ledger.listing import roll
from federation.ledger.models import RollEntry


class RollQuery(serializers.Serializer[Any]):
    society = society_number(required=False, help_text="Number of the member's society.")
    category = word(help_text="Code of a category of the scheme.")
    state = serializers.ChoiceField(["active", "lapsed", "ended"], required=False)
    text = word(100, help_text="A member number, or the beginning of a name or of its pinyin.")


@example(
    {
        "society": "101",
        "member_id": "5b4c8a10-54c2-4a6e-9f0e-2f8d0c5b7a11",
        "number": "1010000001P",
        "kind": "person",
        "category": "ordinary",
        "state": "active",
        "name": "李明",
        "channel": "branch",
        "referral_code": "101-KQ27-M9TX-C",
        "joined_on": "2026-02-03",
        "from_on": "2026-02-03",
        "to_on": "2031-02-03",
        "reported_at": "2026-02-03T02:15:07Z",
    }
)
class RollRow(serializers.ModelSerializer[RollEntry]):
    """A member as its society last reported it; the society itself knows more."""

    class Meta:
        model = RollEntry
        fields = (
            "society",
            "member_id",
            "number",
            "kind",
            "category",
            "state",
            "name",
            "channel",
            "referral_code",
            "joined_on",
            "from_on",
            "to_on",
            "reported_at",
        )
        read_only_fields = fields


class Roll(Resource):
    scopes: ClassVar = {"GET": "roll:read"}

    @operation(
        "list_roll",
        "The roll of the federation",
        answer=RollRow(many=True),
        query=RollQuery,
        description="All members of all societies, by the sound of their names.",
        tag="Roll",
    )
    def get(self, request: Request) -> Response:
        return self.page(roll(**self.read_query(RollQuery)), RollRow)
