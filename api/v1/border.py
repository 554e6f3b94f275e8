"""How the border stands: what is on its way, what is parked, and when each society was last reconciled."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import Names, names_of
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from federation.ledger.models import Reconciliation
from federation.models import InboxMessage
from federation.queries import Lag, federation_health, parked_messages
from huilian.applications import deciding
from kit import clock
from tenants import registry


@example(
    {
        "society": "101",
        "name": {"zh": "焊接分会", "en": "Welding Branch"},
        "undelivered": 0,
        "waiting": 2,
        "parked": 0,
        "lag_seconds": 0.4,
        "reconciled_at": "2026-02-03T02:00:00Z",
        "agrees": True,
        "differences": 0,
    }
)
class BorderRow(serializers.Serializer[Any]):
    """One society's border; `lag_seconds` is the age of the oldest message that is on its way or waits."""

    society = serializers.CharField()
    name = Names()
    undelivered = serializers.IntegerField()
    waiting = serializers.IntegerField()
    parked = serializers.IntegerField()
    lag_seconds = serializers.FloatField()
    reconciled_at = serializers.DateTimeField(allow_null=True, help_text="When the last comparison was closed.")
    agrees = serializers.BooleanField(allow_null=True)
    differences = serializers.IntegerField()


@example(
    {
        "id": 7,
        "sender": "101",
        "sequence": 12,
        "type": "fee.reported",
        "subject": "bill:9f1b0a3c-6a55-4a0e-8a5a-0f4e1f2f9c10",
        "occurred_at": "2026-02-03T02:00:00Z",
        "attempts": 10,
        "error": "Refusal: not_theirs_to_say",
    }
)
class ParkedRow(serializers.ModelSerializer[InboxMessage]):
    """A message that could not be handled; later ones on its subject wait for it."""

    class Meta:
        model = InboxMessage
        fields = ("id", "sender", "sequence", "type", "subject", "occurred_at", "attempts", "error")
        read_only_fields = fields


class Border(Resource):
    scopes: ClassVar = {"GET": "summary:read"}

    @operation(
        "list_border",
        "Lag, parked messages and last reconciliation of every society",
        answer=BorderRow(many=True),
        tag="Border",
    )
    def get(self, request: Request) -> Response:
        self.read_query(serializers.Serializer)
        return self.page(border_rows(), BorderRow)


class ParkedMessages(Resource):
    scopes: ClassVar = {"GET": "summary:read"}

    @operation(
        "list_parked_messages",
        "Messages to headquarters that are parked, the oldest first",
        answer=ParkedRow(many=True),
        tag="Border",
    )
    def get(self, request: Request) -> Response:
        self.read_query(serializers.Serializer)
        return self.page(parked_messages(), ParkedRow)


class ParkedMessageReplay(Resource):
    scopes: ClassVar = {"POST": "border:write"}

    @operation(
        "replay_parked_message",
        "Let a parked message be handled again",
        answer=ParkedRow,
        status=202,
        description="It waits in its old place, and what waited for it follows.",
        tag="Border",
    )
    @idempotent
    def post(self, request: Request, message_id: int) -> Response:
        message = get_object_or_404(InboxMessage, pk=message_id)
        deciding.replay_parked(message, by_user=self.user, at=clock.now())
        message.refresh_from_db()
        return Response(ParkedRow(message).data, status=202)


def border_rows() -> list[dict[str, Any]]:
    """Every society by number, the latest closed reconciliation beside it: one query and the relay's survey."""
    closed = Reconciliation.objects.exclude(agrees=None).order_by("society", "-answered_at", "-pk").distinct("society")
    latest = {each.society: each for each in closed.defer("statement")}
    lags = {lag.society: lag for lag in federation_health()}
    return [_row(number, lags.get(number), latest.get(number)) for number in sorted(registry.street_map().by_number)]


def _row(number: str, lag: Lag | None, closed: Reconciliation | None) -> dict[str, Any]:
    since = [moment for moment in (lag.undelivered_since, lag.waiting_since) if moment] if lag else []
    age = (clock.now() - min(since)).total_seconds() if since else 0.0
    return {
        "society": number,
        "name": names_of(registry.street_map().by_number.get(number)),
        "undelivered": lag.undelivered if lag else 0,
        "waiting": lag.waiting if lag else 0,
        "parked": lag.parked if lag else 0,
        "lag_seconds": round(max(0.0, age), 3),
        "reconciled_at": closed.answered_at if closed else None,
        "agrees": closed.agrees if closed else None,
        "differences": len(closed.differences) if closed else 0,
    }
