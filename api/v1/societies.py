"""The societies of the federation: public knowledge, the same everywhere."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import Names, names_of, society_number
from api.v1.resource import Resource
from tenants import registry
from tenants.context import url_of
from tenants.models import Society


class SocietyQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(Society.Kind.values, required=False)
    state = serializers.ChoiceField(["open", "suspended"], required=False)


@example(
    {
        "number": "101",
        "kind": "branch",
        "name": {"zh": "焊接分会", "en": "Welding Branch"},
        "state": "open",
        "time_zone": "Asia/Shanghai",
        "url": "https://welding.example.org/",
    }
)
class SocietyDocument(serializers.Serializer[Any]):
    number = society_number()
    kind = serializers.CharField()
    name = Names()
    state = serializers.CharField()
    time_zone = serializers.CharField()
    url = serializers.CharField(help_text="Its pages; its API is below `/api/v1/` there.")


class Societies(Resource):
    scopes: ClassVar = {"GET": "societies:read"}

    @operation(
        "list_societies",
        "The societies of the federation, by number",
        answer=SocietyDocument(many=True),
        query=SocietyQuery,
        tag="Societies",
    )
    def get(self, request: Request) -> Response:
        asked = {name: value for name, value in self.read_query(SocietyQuery).items() if value}
        rows = [row for row in societies() if asked.items() <= row.items()]
        return self.page(rows, SocietyDocument)


class SocietyView(Resource):
    scopes: ClassVar = {"GET": "societies:read"}

    @operation("read_society", "One society", answer=SocietyDocument, tag="Societies")
    def get(self, request: Request, number: str) -> Response:
        found = next((row for row in societies() if row["number"] == number), None)
        if found is None:
            raise Http404
        return Response(found)


def societies() -> list[dict[str, Any]]:
    """Who is on the street map, by number; a society that is being opened is not there yet."""
    known = sorted(registry.street_map().by_number.values(), key=lambda each: each.number)
    return [
        {
            "number": society.number,
            "kind": society.kind,
            "name": names_of(society),
            "state": society.state,
            "time_zone": society.time_zone,
            "url": url_of(society),
        }
        for society in known
        if society.state != Society.State.OPENING
    ]
