"""Every failure as a problem document (RFC 9457): a code for programs, a sentence for people, errors by field."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from huilian.applications.refusals import Problems
from huilian.schemes.problems import SchemeProblems
from kit.errors import Refusal

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
BUSY_SECONDS = 5

# Python's older names for these are not those of RFC 9110.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}

Errors = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Problem:
    """What an answer says about a failure; `errors` names the fields to correct."""

    status: int
    code: str
    detail: str
    errors: Errors = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": title_of(self.status),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        return body

    def response(self) -> Response:
        headers = dict(self.headers)
        return Response(self.document(), status=self.status, headers=headers, content_type=CONTENT_TYPE)

    def before_any_view(self) -> HttpResponse:
        """The same answer where no view has been chosen yet."""
        return JsonResponse(self.document(), status=self.status, content_type=CONTENT_TYPE)


def title_of(status: int) -> str:
    """The name of a status, the same under every version of Python."""
    return _TITLES.get(status) or HTTPStatus(status).phrase


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response:
    """Answer whatever a view raised; what nobody anticipated is logged, and told without its details."""
    problem = problem_of(error)
    if problem is None:
        request = context.get("request")
        log.error("a request failed", exc_info=error)
        got_request_exception.send(sender=None, request=request)
        problem = Problem(500, "internal_error", _("Something went wrong here. Nothing was changed."))
    return problem.response()


def problem_of(error: Exception) -> Problem | None:
    """The problem that an anticipated failure is; None for a bug."""
    match error:
        case Refusal():
            return _of_refusal(error)
        case exceptions.ValidationError():
            errors: Errors = {}
            for name, detail in _flat(error.detail):
                errors.setdefault(name, []).append({"code": str(detail.code), "detail": str(detail)})
            return Problem(400, "invalid", _("Some values are missing or malformed."), errors)
        case exceptions.APIException():
            return _of_framework(error)
        case Http404():
            return Problem(404, "not_found", _("There is nothing here."))
        case PermissionDenied():
            return Problem(403, "forbidden", _("Your role does not allow this."))
        case RequestDataTooBig():
            return too_large()
        case SuspiciousOperation():
            return Problem(400, "bad_request", _("This request cannot be understood."))
        case OperationalError():
            log.warning("the database did not answer in time", exc_info=error)
            return busy()
    return None


def busy() -> Problem:
    """The database cannot answer now, and may well in a moment."""
    return Problem(
        503,
        "busy",
        _("This is busy at the moment. Please try again in a few seconds."),
        headers={"Retry-After": str(BUSY_SECONDS)},
    )


def too_large() -> Problem:
    return Problem(413, "too_large", _("This request is larger than what is taken here."))


def _of_refusal(refusal: Refusal) -> Problem:
    errors: Errors = {}
    match refusal:
        case Problems():
            for name, found in refusal.by_field.items():
                errors[name] = [{"code": each.code, "detail": str(each)} for each in found]
        case SchemeProblems():
            for each in refusal.problems:
                entry = {"code": refusal.code, "detail": each.in_active_language()}
                errors.setdefault(each.place, []).append(entry)
        case _ if refusal.field:
            errors[refusal.field] = [{"code": refusal.code, "detail": str(refusal)}]
    headers = {"Retry-After": str(BUSY_SECONDS)} if refusal.status in (429, 503) else {}
    if isinstance(refusal.facts.get("retry_after"), int):
        headers["Retry-After"] = str(refusal.facts["retry_after"])
    return Problem(refusal.status, refusal.code, str(refusal), errors, headers)


_CODES = {
    "parse_error": "malformed",
    "permission_denied": "forbidden",
    "authentication_failed": "token_invalid",
    "not_authenticated": "token_missing",
}


def _of_framework(error: exceptions.APIException) -> Problem:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    detail = error.detail if isinstance(error.detail, exceptions.ErrorDetail) else str(error.detail)
    code = getattr(detail, "code", None) or error.default_code
    return Problem(error.status_code, _CODES.get(code, code), str(detail), headers=headers)


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    """Nested errors as (field path, error): `details.slug`, `years[0]`; those of the whole body have no path."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name == "non_field_errors"
            yield from _flat(inner, path if whole else f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        simple = all(isinstance(each, exceptions.ErrorDetail) for each in detail)
        for index, inner in enumerate(detail):
            yield from _flat(inner, path if simple else f"{path}[{index}]")
    else:
        yield path, detail
