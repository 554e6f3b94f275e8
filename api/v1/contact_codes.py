"""Proving a phone or an e-mail: a code is sent there, and comes back with the application."""

from typing import Any, ClassVar

from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.idempotency import idempotent
from api.v1.problems import problem_of
from api.v1.resource import Resource
from api.v1.revealing import masked_contact
from huilian.accounts.services import send_code
from huilian.accounts.services.codes import LIFE
from huilian.accounts.sessions import address_of
from kit import clock
from kit.errors import Refusal

PURPOSE = "apply"


@example({"contact": "li@example.org"})
class ContactCodeWish(serializers.Serializer[Any]):
    contact = serializers.CharField(max_length=254, help_text="A mobile phone number or an e-mail address.")


@example({"contact": "l***@example.org", "expires_in": 600})
class ContactCodeSent(serializers.Serializer[Any]):
    contact = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class ContactCodes(Resource):
    scopes: ClassVar = {"POST": "applications:write"}
    open_to_all: ClassVar = frozenset({"POST"})

    @operation(
        "send_contact_code",
        "Send a code to a phone or an e-mail",
        body=ContactCodeWish,
        answer=ContactCodeSent,
        status=202,
        description="The answer is the same whether or not anybody is known by that contact.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        contact = self.read_body(ContactCodeWish)["contact"]
        try:
            send_code(
                contact,
                purpose=PURPOSE,
                at=clock.now(),
                language=get_language() or "zh-hans",
                address=address_of(request._request),
            )
        except Refusal as refusal:
            # Answered, not raised: the attempt must count.
            problem = problem_of(refusal)
            if problem is None:
                raise
            return problem.response()
        sent = {"contact": masked_contact(contact), "expires_in": int(LIFE.total_seconds())}
        return Response(ContactCodeSent(sent).data, status=202)
