"""What is going on in this thread, for the log: which request or task, in which society, by whom."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import LazyObject

SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")
NO_VIEW = "-"
PROBES = "/healthz/"
TASK_HEADER = "huilian_request_id"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
KEPT = "huilian.request_id"  # in the request's META: Django tells of a failed request after all middleware


@dataclass(slots=True)
class Scene:
    """One request or task. `request_id` goes along from a request into the tasks it asked for."""

    request_id: str = ""
    task_id: str = ""
    task: str = ""
    request: HttpRequest | None = None


scene: ContextVar[Scene | None] = ContextVar("scene", default=None)


def given_id(text: str) -> str:
    """The id that a proxy gave the request, if it is one that may stand in a log; else a new one."""
    return text if SANE_ID.match(text) else secrets.token_hex(16)


def view_of(request: HttpRequest) -> str:
    """The name of the view that answered."""
    match = request.resolver_match
    if match is None:
        return "healthz" if request.path_info.startswith(PROBES) else NO_VIEW
    return match.view_name or NO_VIEW


def template_of(request: HttpRequest) -> str:
    """The path as its pattern, `/r/<str:code>/`: what stands in place of the words may be a code or a token."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return request.path_info if request.path_info in ("/healthz/live", "/healthz/ready") else NO_VIEW


def facts() -> dict[str, Any]:
    """What a log line says of where it was written. Asks nothing of any database."""
    found: dict[str, Any] = {}
    society = getattr(getattr(connection, "tenant", None), "number", "")
    if society:
        found["society"] = society
    now = scene.get()
    if now is None:
        return found
    found.update({name: value for name in ("request_id", "task_id", "task") if (value := getattr(now, name))})
    if now.request is not None:
        found.update(facts_of(now.request))
    return found


def facts_of(request: HttpRequest) -> dict[str, Any]:
    """Method, path template, and the user's id if somebody has asked who it is already."""
    found: dict[str, Any] = {"method": method_of(request), "path": template_of(request)}
    if request_id := request.META.get(KEPT):
        found["request_id"] = request_id
    user = getattr(request, "_cached_user", None) or getattr(request, "user", None)
    if user is not None and not isinstance(user, LazyObject) and user.pk is not None:
        found["user"] = user.pk
    return found


def method_of(request: HttpRequest) -> str:
    """One of the methods there are: a client may send any word."""
    return request.method if request.method in METHODS else "OTHER"
