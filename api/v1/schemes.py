"""The membership schemes of the federation: read by anybody, published by headquarters."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from huilian.applications import deciding
from huilian.applications.rules import consents_asked
from huilian.schemes.document import Category, Scheme
from huilian.schemes.fields import choices_for, fields_of
from huilian.schemes.queries import current_scheme, received_versions, scheme_version
from kit import clock
from kit.errors import Refusal


@example({"key": "cmes", "version": 1, "effective_on": "2019-01-01", "in_force": True})
class SchemeRow(serializers.Serializer[Any]):
    key = serializers.CharField()
    version = serializers.IntegerField()
    effective_on = serializers.DateField()
    in_force = serializers.BooleanField(help_text="Whether it is the version in force today.")


class ChoiceDocument(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class FieldDocument(serializers.Serializer[Any]):
    """One question of the application form; `answers` of an application go by its code."""

    code = serializers.CharField()
    label = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    kind = serializers.CharField(help_text="`text`, `multiline`, `date`, `choice`, `choices`, `identity`, …")
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = ChoiceDocument(many=True)
    max_length = serializers.IntegerField()


class PaperDocument(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    required = serializers.BooleanField()  # type: ignore[assignment]
    max_mb = serializers.IntegerField()
    accepts = serializers.ListField(child=serializers.CharField())


@example(
    {
        "category": "student",
        "kind": "person",
        "scheme_version": 1,
        "fields": [
            {
                "code": "name",
                "label": {"zh": "姓名", "en": "Name"},
                "kind": "text",
                "required": True,
                "choices": [],
                "max_length": 100,
            }
        ],
        "papers": [
            {
                "code": "photo",
                "label": {"zh": "个人照片", "en": "Portrait photo"},
                "required": False,
                "max_mb": 5,
                "accepts": ["jpeg", "png"],
            }
        ],
        "consents": ["share.headquarters"],
    }
)
class FormDocument(serializers.Serializer[Any]):
    """What an application in one category asks for, in this society."""

    category = serializers.CharField()
    kind = serializers.CharField()
    scheme_version = serializers.IntegerField()
    fields = FieldDocument(many=True)  # type: ignore[assignment]
    papers = PaperDocument(many=True)
    consents = serializers.ListField(child=serializers.CharField(), help_text="Purposes to be agreed to.")


_SCHEME: dict[str, Any] = {
    "type": "object",
    "description": "The whole scheme: categories, dues, routes, clocks, papers, benefits. Texts have `zh` and `en`.",
    "required": ["key", "version", "effective_on", "currency", "categories", "channels"],
    "properties": {
        "key": {"type": "string"},
        "version": {"type": "integer"},
        "effective_on": {"type": "string", "format": "date"},
        "currency": {"type": "string"},
        "categories": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
        "channels": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    },
    "additionalProperties": True,
}


class Schemes(Resource):
    scopes: ClassVar = {"GET": "schemes:read"}

    @operation(
        "list_schemes",
        "Versions that this society has, the newest first",
        answer=SchemeRow(many=True),
        tag="Schemes",
    )
    def get(self, request: Request) -> Response:
        self.read_query(serializers.Serializer)
        in_force = current_scheme().version
        rows = [
            {"key": key, "version": version, "effective_on": effective_on, "in_force": version == in_force}
            for key, version, effective_on in received_versions()
        ]
        return self.page(rows, SchemeRow)


class HeadquartersSchemes(Schemes):
    scopes: ClassVar = {**Schemes.scopes, "POST": "schemes:write"}

    @operation(
        "publish_scheme",
        "Publish a version for the federation",
        body={"application/json": _SCHEME},
        answer=SchemeRow,
        status=201,
        description="Kept here and sent to every society by message. A published version never changes.",
        tag="Schemes",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        if not isinstance(request.data, dict):
            raise serializers.ValidationError({"key": _("Send one object.")}, code="not_an_object")
        stored = deciding.publish_scheme(Scheme.from_data(request.data), by_user=self.user, at=clock.now())
        row = {
            "key": stored.key,
            "version": stored.version,
            "effective_on": stored.effective_on,
            "in_force": stored.version == current_scheme().version,
        }
        address = reverse("api_scheme", args=[stored.version])
        return Response(SchemeRow(row).data, status=201, headers={"Location": address})


class CurrentScheme(Resource):
    scopes: ClassVar = {"GET": "schemes:read"}

    @operation("read_current_scheme", "The scheme in force today", answer=_SCHEME, tag="Schemes")
    def get(self, request: Request) -> Response:
        return Response(current_scheme().to_data())


class SchemeView(Resource):
    scopes: ClassVar = {"GET": "schemes:read"}

    @operation("read_scheme", "One version of the scheme", answer=_SCHEME, tag="Schemes")
    def get(self, request: Request, version: int) -> Response:
        try:
            return Response(scheme_version(version).to_data())
        except Refusal as refusal:
            if refusal.code == "scheme_version_unknown":
                raise Http404 from None
            raise


class ApplicationForm(Resource):
    scopes: ClassVar = {"GET": "schemes:read"}

    @operation(
        "read_application_form",
        "What an application in a category asks for",
        answer=FormDocument,
        description="By the scheme in force today. Categories that are granted by resolution have no form.",
        tag="Schemes",
    )
    def get(self, request: Request, category: str) -> Response:
        scheme = current_scheme()
        chosen = next((each for each in scheme.open_categories() if each.code == category), None)
        if chosen is None:
            raise Http404
        return Response(form_of(scheme, chosen))


def form_of(scheme: Scheme, category: Category) -> dict[str, Any]:
    """The questions of a category, its papers, and the consents that this society must ask for."""
    fields = [
        {
            "code": asked.code,
            "label": {"zh": asked.label.zh, "en": asked.label.en},
            "kind": asked.kind,
            "required": required,
            "choices": [
                {"code": choice.code, "label": {"zh": choice.label.zh, "en": choice.label.en}}
                for choice in choices_for(asked, category)
            ],
            "max_length": asked.max_length,
        }
        for asked, required in fields_of(category)
    ]
    papers = [
        {
            "code": paper.code,
            "label": {"zh": paper.name.zh, "en": paper.name.en},
            "required": paper.required,
            "max_mb": paper.max_mb,
            "accepts": list(paper.accepts),
        }
        for paper in category.papers
    ]
    return {
        "category": category.code,
        "kind": category.kind,
        "scheme_version": scheme.version,
        "fields": fields,
        "papers": papers,
        "consents": [asked.purpose for asked in consents_asked()],
    }
