"""A request with an `Idempotency-Key` takes effect once: sent again, it is answered as it was the first time.

The key is reserved in a transaction of its own; the answer is kept in the transaction of the effect. So after a
crash either both are there or none, and a key whose request died is free again after a while.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import IdempotentRequest
from huilian.accounts.models import User
from kit import clock
from kit.errors import Refusal

log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
RUNNING = timedelta(seconds=60)  # longer than any request may take: then its process is taken for dead
KEPT = timedelta(hours=48)
RETRY_AFTER = 2  # seconds
_INSERT = """
INSERT INTO api_idempotentrequest (actor, key, method, path, body_hash, started_at)
VALUES (%(actor)s, %(key)s, %(method)s, %(path)s, %(body_hash)s, %(started_at)s)
ON CONFLICT DO NOTHING RETURNING id
"""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

V = TypeVar("V")
P = ParamSpec("P")
View = Callable[Concatenate[V, Request, P], Response]


@dataclass(frozen=True, slots=True)
class Place:
    """A reserved key; `started_at` tells it from the place of whoever took it over."""

    pk: int
    started_at: datetime


def idempotent(act: View[V, P]) -> View[V, P]:
    """Run a view's method in one transaction, and once per key where the caller sends one."""

    @wraps(act)
    def once(view: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            with transaction.atomic():
                return act(view, request, *args, **kwargs)
        place = take_place(request, key, at=clock.now())
        if isinstance(place, Response):
            return place
        try:
            with transaction.atomic():
                response = act(view, request, *args, **kwargs)
                if response.status_code < 300:
                    _keep(place, response)
        except BaseException:
            _give_back(place)
            raise
        if response.status_code >= 300:
            _give_back(place)
        return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once


def take_place(request: Request, key: str, *, at: datetime) -> Place | Response:
    """Reserve a key, or answer as the first time; Refusal where the first time is not over, or was another."""
    if not _KEY.fullmatch(key):
        sentence = _("An idempotency key has 1 to 255 visible ASCII characters, without spaces.")
        raise Refusal("idempotency_key_malformed", sentence, status=400)
    wish = {
        "actor": f"user:{request.user.pk}" if isinstance(request.user, User) else "anonymous",
        "key": key,
        "method": str(request.method),
        "path": request.path[:300],
        "body_hash": digest_of(request),
    }
    for _attempt in range(3):
        pk = _insert(wish, at)
        if pk is not None:
            return Place(pk, at)
        found = IdempotentRequest.objects.filter(actor=wish["actor"], key=key).first()
        if found is not None:
            return _of_earlier(found, wish, at)
    raise _running()


def digest_of(request: Request) -> str:
    """The same for the same wish: method, path and content, however the body was written."""
    content: Any = request.data
    if isinstance(content, QueryDict):
        content = {name: [_plain(value) for value in values] for name, values in content.lists()}
    text = json.dumps([request.method, request.path, content], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def forget_answers(*, at: datetime) -> int:
    """Forget keys older than two days; returns how many."""
    forgotten, _by_model = IdempotentRequest.objects.filter(started_at__lt=at - KEPT).delete()
    return forgotten


def _of_earlier(found: IdempotentRequest, wish: dict[str, str], at: datetime) -> Place | Response:
    if (found.method, found.path, found.body_hash) != (wish["method"], wish["path"], wish["body_hash"]):
        raise Refusal(
            "idempotency_key_reused",
            _("This idempotency key belongs to another request. Take a new one for each new wish."),
        )
    if found.status is not None:
        return _replay(found)
    if found.started_at > at - RUNNING:
        raise _running()
    # Whoever reserved it is gone. Of several that come now, one goes on.
    mine = IdempotentRequest.objects.filter(pk=found.pk, started_at=found.started_at, status=None)
    if not mine.update(started_at=at):
        raise _running()
    return Place(found.pk, at)


def _insert(wish: dict[str, str], at: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {**wish, "started_at": at})
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _keep(place: Place, response: Response) -> None:
    answer = {
        "body": JSONRenderer().render(response.data).decode(),
        "location": response.headers.get("Location", ""),
    }
    mine = IdempotentRequest.objects.filter(pk=place.pk, started_at=place.started_at, status=None)
    if not mine.update(status=response.status_code, response=answer):
        # We were taken for dead: the other one goes on, and nothing of ours may stay.
        raise _running()


def _replay(found: IdempotentRequest) -> Response:
    answer: dict[str, str] = found.response or {}
    headers = {"Idempotency-Replayed": "true"}
    if answer.get("location"):
        headers["Location"] = answer["location"]
    body = answer.get("body", "")
    return Response(json.loads(body) if body else None, status=found.status, headers=headers)


def _give_back(place: Place) -> None:
    """Nothing was done: the same key may be tried again at once."""
    try:
        IdempotentRequest.objects.filter(pk=place.pk, started_at=place.started_at, status=None).delete()
    except DatabaseError:
        log.warning("an idempotency key stays reserved for %s", RUNNING, exc_info=True)


def _running() -> Refusal:
    return Refusal(
        "idempotency_key_running",
        _("The first request with this key is still running. Ask again in a moment."),
        status=409,
        retry_after=RETRY_AFTER,
    )


def _plain(value: object) -> str:
    if not isinstance(value, UploadedFile):
        return f"text:{value}"
    content = hashlib.sha256()
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return f"file:{value.name}:{content.hexdigest()}"
