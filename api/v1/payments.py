"""Payments at the finance office of headquarters: read, confirm, reject."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import word
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from huilian.billing.models import Bill
from huilian.payments.models import PaymentAttempt
from huilian.payments.queries import search_payments
from huilian.payments.services import confirm_payment, reject_payment
from kit import clock

_BILL: dict[str, Any] = {
    "id": "9f1b0a3c-6a55-4a0e-8a5a-0f4e1f2f9c10",
    "number": "B2026-000001",
    "society_number": "101",
    "application_id": "7d1c2b3a-0f0e-4d4c-8b8a-1a2b3c4d5e6f",
    "payer_name": "李明",
    "category": "ordinary",
    "years": 5,
    "amount_minor": 25000,
    "currency": "CNY",
    "state": "reported",
    "opened_at": "2026-02-03T01:00:00Z",
    "due_on": "2026-03-05",
    "settled_at": None,
}
_ROW: dict[str, Any] = {
    "id": "4a2b7c9d-1e3f-4a5b-8c7d-9e0f1a2b3c4d",
    "provider": "remittance",
    "amount_minor": 25000,
    "currency": "CNY",
    "state": "reported",
    "payer_name": "李明",
    "transferred_on": "2026-02-04",
    "reported_at": "2026-02-04T03:00:00Z",
    "decided_at": None,
    "decided_by": "",
    "reason": "",
}


class PaymentQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(PaymentAttempt.State.values, required=False)
    text = word(100, help_text="A bill number, a payment reference, or part of the payer's name.")


@example(_BILL)
class BillRow(serializers.ModelSerializer[Bill]):
    class Meta:
        model = Bill
        fields = tuple(_BILL)
        read_only_fields = fields


@example({**_ROW, "bill": _BILL})
class PaymentRow(serializers.ModelSerializer[PaymentAttempt]):
    """Money that is said to have come, with the bill it is for; amounts are in minor units."""

    bill = BillRow(read_only=True)

    class Meta:
        model = PaymentAttempt
        fields = (*_ROW, "bill")
        read_only_fields = fields


@example({"received_minor": 25000})
class Confirmation(serializers.Serializer[Any]):
    received_minor = serializers.IntegerField(
        required=False, min_value=0, max_value=10**15, help_text="What the bank account shows."
    )


@example({"reason": "No such transfer has arrived."})
class Rejection(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, help_text="The payer reads it.")


class Payments(Resource):
    scopes: ClassVar = {"GET": "payments:read"}

    @operation(
        "list_payments",
        "Payments, the newest first",
        answer=PaymentRow(many=True),
        query=PaymentQuery,
        tag="Payments",
    )
    def get(self, request: Request) -> Response:
        return self.page(search_payments(**self.read_query(PaymentQuery)), PaymentRow)


class PaymentView(Resource):
    scopes: ClassVar = {"GET": "payments:read"}

    @operation("read_payment", "One payment", answer=PaymentRow, tag="Payments")
    def get(self, request: Request, payment_id: UUID) -> Response:
        return Response(PaymentRow(_payment(payment_id)).data)


class PaymentConfirmation(Resource):
    scopes: ClassVar = {"POST": "payments:write"}

    @operation(
        "confirm_payment",
        "The money is there",
        body=Confirmation,
        answer=PaymentRow,
        description="The bill is settled and booked, and the applicant's society is told. Where the application ended "
        "meanwhile, the payment becomes `refund_due`.",
        tag="Payments",
    )
    @idempotent
    def post(self, request: Request, payment_id: UUID) -> Response:
        wish = self.read_body(Confirmation)
        payment = confirm_payment(_payment(payment_id), **wish, by_user=self.user, at=clock.now())
        return Response(PaymentRow(payment).data)


class PaymentRejection(Resource):
    scopes: ClassVar = {"POST": "payments:write"}

    @operation(
        "reject_payment",
        "The voucher proves nothing",
        body=Rejection,
        answer=PaymentRow,
        description="The bill is open again, and the payer is told why.",
        tag="Payments",
    )
    @idempotent
    def post(self, request: Request, payment_id: UUID) -> Response:
        wish = self.read_body(Rejection)
        payment = reject_payment(_payment(payment_id), **wish, by_user=self.user, at=clock.now())
        return Response(PaymentRow(payment).data)


def _payment(payment_id: UUID) -> PaymentAttempt:
    return get_object_or_404(PaymentAttempt.objects.select_related("bill"), pk=payment_id)
