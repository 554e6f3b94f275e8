"""How each operation describes itself: its scope, its key, its problems, an example of what goes in and out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from api.v1.auth import is_open
from api.v1.idempotency import HEADER
from api.v1.problems import CONTENT_TYPE, title_of

S = TypeVar("S", bound=type[serializers.BaseSerializer[Any]])
F = TypeVar("F", bound=Callable[..., Any])

_WHEN = {
    400: "The request is malformed: `errors` names each field.",
    401: "No token, or one that is not valid in this society.",
    403: "The token lacks the scope, or its user the role.",
    404: "There is nothing here.",
    409: "Somebody or something else was faster; nothing was changed.",
    413: "The body is too large.",
    415: "The body has another content type.",
    422: "A rule forbids it: `code` says which, `errors` names the fields.",
    429: "Too many requests; `Retry-After` says when to come back.",
}


class FieldProblem(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemDocument(serializers.Serializer[Any]):
    """RFC 9457. `code` is stable and meant for programs, `detail` is a sentence in the reader's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=FieldProblem(many=True), required=False)  # type: ignore[assignment]


class ApiSchema(AutoSchema):
    """What every operation has in common is written once, here."""

    def get_operation(self, *args: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args)
        if operation is None:
            return None
        view: Any = self.view
        scope: str = view.scopes[self.method]
        words = "Open to everybody. With a token:" if is_open(self.view, self.method) else "Needs the"
        operation["description"] = f"{operation.get('description', '')}\n\n{words} scope `{scope}`.".strip()
        operation["x-scope"] = scope
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] in _PATH:
                parameter["schema"] = _PATH[parameter["name"]]
        return operation

    def get_description(self) -> str:  # type: ignore[override]
        return ""  # the classes' docstrings are for whoever reads the code

    def get_auth(self) -> list[dict[str, Any]]:
        known: list[dict[str, Any]] = super().get_auth()
        return [*known, {}] if is_open(self.view, self.method) else known

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        if self.method == "POST" and getattr(getattr(self.view, "post", None), "idempotent", False):
            given.append(_KEY)
        return given

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code, answer in bodies.items():
            answer["description"] = title_of(int(code))
        for status in self._problems():
            described = OpenApiResponse(ProblemDocument, _WHEN[status], [_example_of(status)])
            answer = self._get_response_for_code(described, str(status), [CONTENT_TYPE], direction)  # type: ignore[no-untyped-call]
            bodies.setdefault(str(status), answer)
        return dict(sorted(bodies.items()))

    def _problems(self) -> list[int]:
        found = {400, 401, 403, 429}
        if "{" in self.path or self._is_list_view():
            found.add(404)
        if self.method == "POST":
            found |= {404, 409, 413, 415, 422}
        return sorted(found)


class TokenInSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.v1.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of this very society, minted on its console; no other society knows it.",
        }


# What `converters` let through, by the name of the part.
_PATH: dict[str, dict[str, Any]] = {
    "number": {"type": "string", "pattern": "^[0-9]{3}$"},
    "category": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
    **{
        name: {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}
        for name in ("version", "message_id", "reconciliation_id")
    },
}

_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    pattern="^[\\x21-\\x7e]{1,255}$",
    description="Any text that you use for this one wish, e.g. a UUID. Sent again with the same key and body, the "
    "request is answered as the first time and has no second effect. Kept for 48 hours.",
)


def operation(
    name: str,
    summary: str,
    *,
    answer: Any,
    status: int = 200,
    body: Any = None,
    query: type[serializers.Serializer[Any]] | None = None,
    description: str = "",
    tag: str = "",
    media_types: Sequence[str] = ("application/json",),
) -> Callable[[F], F]:
    """Describe a view's method: its name for programs, what goes in and what comes out."""
    decorate: Callable[[F], F] = extend_schema(
        operation_id=name,
        summary=summary,
        description=description or None,
        request=body,
        responses={(status, media_type): answer for media_type in media_types},
        parameters=[query] if query else None,
        tags=[tag] if tag else None,
    )
    return decorate


def example(value: Mapping[str, Any]) -> Callable[[S], S]:
    """Put an example beside a serializer; it is shown wherever the serializer is used."""
    decorate = extend_schema_serializer(examples=[OpenApiExample("example", dict(value), status_codes=[200, 201, 202])])
    return cast("Callable[[S], S]", decorate)


def _example_of(status: int) -> OpenApiExample:
    code, detail, field = _PROBLEMS[status]
    shown: dict[str, Any] = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if field:
        shown["errors"] = {
            field: [{"code": "required" if status == 400 else code, "detail": _SAID.get(status, detail)}]
        }
    return OpenApiExample(f"problem {status}", shown)


_SAID = {400: "This field is required."}
# status → code, sentence, and the field it is about
_PROBLEMS: dict[int, tuple[str, str, str]] = {
    400: ("invalid", "Some values are missing or malformed.", "label"),
    401: ("token_invalid", "This token is not valid here.", ""),
    403: ("forbidden", "This token may not do this.", ""),
    404: ("not_found", "There is nothing here.", ""),
    409: (
        "idempotency_key_running",
        "The first request with this key is still running. Ask again in a moment.",
        "",
    ),
    413: ("too_large", "This request is larger than what is taken here.", ""),
    415: ("unsupported_media_type", "Unsupported media type “text/plain” in request.", ""),
    422: ("code_expired", "This code is no longer valid. Please ask for a new one.", "code"),
    429: ("throttled", "Request was throttled.", ""),
}
