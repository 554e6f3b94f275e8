"""Resolutions of the council and the congress."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from federation.ledger.models import Resolution
from huilian.applications import deciding
from kit import clock

_WISH = {
    "number": "2026/12",
    "meeting": "Council, 4th session",
    "resolved_on": "2026-03-01",
    "subject": "Honorary membership of Ms Chen",
    "text": "The council grants honorary membership for five years.",
}


@example(_WISH)
class ResolutionWish(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=60, help_text="Used once.")
    meeting = serializers.CharField(max_length=120)
    resolved_on = serializers.DateField()
    subject = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=20_000)


@example({"id": 3, **_WISH, "recorded_by": "user:1 赵敏", "recorded_at": "2026-03-02T01:00:00Z"})
class ResolutionRow(serializers.ModelSerializer[Resolution]):
    class Meta:
        model = Resolution
        fields = ("id", *_WISH, "recorded_by", "recorded_at")
        read_only_fields = fields


class Resolutions(Resource):
    scopes: ClassVar = {"GET": "resolutions:write", "POST": "resolutions:write"}

    @operation(
        "list_resolutions",
        "Resolutions, the newest first",
        answer=ResolutionRow(many=True),
        tag="Resolutions",
    )
    def get(self, request: Request) -> Response:
        self.read_query(serializers.Serializer)
        return self.page(Resolution.objects.order_by("-resolved_on", "-pk"), ResolutionRow)

    @operation(
        "record_resolution",
        "Record a resolution",
        body=ResolutionWish,
        answer=ResolutionRow,
        status=201,
        description="A recorded resolution is never changed; a correction is another one.",
        tag="Resolutions",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.read_body(ResolutionWish)
        resolution = deciding.record_resolution(**wish, by_user=self.user, at=clock.now())
        return Response(ResolutionRow(resolution).data, status=201)
