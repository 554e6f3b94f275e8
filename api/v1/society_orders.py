"""Orders about societies: written here, carried out by a worker that holds the provisioner's role."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import society_number, word
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from federation.ledger.models import SocietyOrder
from federation.ledger.orders import VERBS
from huilian.applications import deciding
from kit import clock

_OPENING = {
    "kind": "branch",
    "slug": "foundry",
    "name_zh": "铸造分会",
    "name_en": "Foundry Branch",
    "time_zone": "Asia/Shanghai",
    "owner_name": "王芳",
    "owner_phone": "",
    "owner_email": "wang@example.org",
}


class OrderQuery(serializers.Serializer[Any]):
    society = society_number(required=False, help_text="Number of one society.")
    state = serializers.ChoiceField(SocietyOrder.State.values, required=False)


class OpeningDetails(serializers.Serializer[Any]):
    """What a new society is; its first administrator is invited by phone or e-mail."""

    kind = serializers.ChoiceField(["branch", "province"])
    slug = serializers.CharField(max_length=31, help_text="The label of its host name.")
    name_zh = serializers.CharField(max_length=100)
    name_en = serializers.CharField(max_length=160)
    time_zone = word(40)
    owner_name = word(100)
    owner_phone = word(20)
    owner_email = word(254)


@example({"verb": "open", "society": "102", "details": _OPENING, "reason": "Founded by resolution 2026/4."})
class OrderWish(serializers.Serializer[Any]):
    verb = serializers.ChoiceField(VERBS)
    society = society_number(required=False, help_text="Needed unless all are upgraded.")
    details = OpeningDetails(required=False, help_text="Needed to open a society.")
    reason = serializers.CharField(max_length=deciding.REASON_LENGTH, help_text="It is kept in the journal.")

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        needed = {"open": ("society", "details"), "suspend": ("society",), "resume": ("society",)}
        missing = [name for name in needed.get(wish["verb"], ()) if not wish.get(name)]
        if missing:
            required = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError(dict.fromkeys(missing, required), code="required")
        return wish


@example(
    {
        "id": "3c1d8e7a-55a1-4f0c-9f70-6b3c2a1d0e9f",
        "verb": "open",
        "society": "102",
        "details": _OPENING,
        "reason": "Founded by resolution 2026/4.",
        "ordered_by": "user:1 赵敏",
        "ordered_at": "2026-02-03T02:00:00Z",
        "state": "running",
        "progress": 20,
        "message": "Replaying the template",
        "finished_at": None,
    }
)
class OrderRow(serializers.ModelSerializer[SocietyOrder]):
    """An order and how far it has come: `progress` in per cent, `message` says what is being done or went wrong."""

    details = serializers.DictField(read_only=True)
    message = serializers.CharField(source="answer", read_only=True)

    class Meta:
        model = SocietyOrder
        fields = (
            "id",
            "verb",
            "society",
            "details",
            "reason",
            "ordered_by",
            "ordered_at",
            "state",
            "progress",
            "message",
            "finished_at",
        )
        read_only_fields = fields


class SocietyOrders(Resource):
    scopes: ClassVar = {"GET": "societies:write", "POST": "societies:write"}

    @operation(
        "list_society_orders",
        "Orders, the newest first",
        answer=OrderRow(many=True),
        query=OrderQuery,
        tag="Societies",
    )
    def get(self, request: Request) -> Response:
        return self.page(_found(**self.read_query(OrderQuery)), OrderRow)

    @operation(
        "order_society",
        "Open, suspend, resume or upgrade",
        body=OrderWish,
        answer=OrderRow,
        status=202,
        description="The order is carried out by a worker: read it again to see its progress.",
        tag="Societies",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.read_body(OrderWish)
        order = deciding.order_society(
            wish["verb"],
            society=wish["society"],
            details=wish.get("details"),
            reason=wish["reason"],
            by_user=self.user,
            at=clock.now(),
        )
        address = reverse("api_society_order", args=[order.pk])
        return Response(OrderRow(order).data, status=202, headers={"Location": address})


class SocietyOrderView(Resource):
    scopes: ClassVar = {"GET": "societies:write"}

    @operation("read_society_order", "An order and its progress", answer=OrderRow, tag="Societies")
    def get(self, request: Request, order_id: UUID) -> Response:
        return Response(OrderRow(get_object_or_404(SocietyOrder, pk=order_id)).data)


def _found(**equal: str) -> QuerySet[SocietyOrder]:
    rows = SocietyOrder.objects.order_by("-ordered_at", "pk")
    return rows.filter(**{name: value for name, value in equal.items() if value})
