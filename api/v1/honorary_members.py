"""Honorary members: granted by a recorded resolution, never applied for."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import word
from api.v1.idempotency import idempotent
from api.v1.members import MemberRow
from api.v1.resource import Resource
from huilian.applications import deciding
from kit import clock


@example({"name": "陈静", "email": "chen@example.org", "resolution": "2026/12", "term": 5})
class HonorWish(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    email = word(254)
    phone = word(30)
    resolution = serializers.CharField(max_length=60, help_text="The number of a recorded resolution.")
    term = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=50, help_text="Years; null: for life."
    )
    category = word(help_text="Needed where the scheme has several that are granted by resolution.")


class HonoraryMembers(Resource):
    scopes: ClassVar = {"POST": "resolutions:write"}

    @operation(
        "grant_honorary",
        "Grant honorary membership",
        body=HonorWish,
        answer=MemberRow,
        status=201,
        description="The term is set by the resolution.",
        tag="Members",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        member = deciding.grant_honorary(**self.read_body(HonorWish), by_user=self.user, at=clock.now())
        address = reverse("api_member", args=[member.pk])
        return Response(MemberRow(member).data, status=201, headers={"Location": address})
