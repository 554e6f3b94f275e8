"""A prober knows no host name and no society."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import Bounds


def test_alive_without_host_society_or_database() -> None:
    answer = Client().get("/healthz/live", HTTP_HOST="10.0.0.7")
    assert (answer.status_code, answer.content) == (200, b"live\n")


def test_ready(cast: Any) -> None:
    answer = Client().get("/healthz/ready", HTTP_HOST="10.0.0.7")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


def test_not_ready_without_the_database(cast: Any, monkeypatch: Any) -> None:
    connections["registry"].close()
    monkeypatch.setitem(settings.DATABASES["registry"], "HOST", "/nowhere")
    answer = Client().get("/healthz/ready", HTTP_HOST="10.0.0.7")
    assert (answer.status_code, answer.content) == (503, b"database: OperationalError\n")
    connections["registry"].close()


def test_an_unknown_host_is_nowhere(cast: Any) -> None:
    answer = Client().get("/", HTTP_HOST="nobody.localhost")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


def test_a_nul_reaches_nothing(cast: Any) -> None:
    assert Client().get("/a%00b/", HTTP_HOST="welding.localhost").status_code == 400
    assert Client().get("/?q=%00", HTTP_HOST="welding.localhost").status_code == 400


def test_a_giant_is_refused_unread(cast: Any) -> None:
    answer = Client().post("/apply/", HTTP_HOST="welding.localhost", CONTENT_LENGTH=str(10**9))
    assert (answer.status_code, answer.content) == (413, b"The request is too large.\n")


@pytest.mark.parametrize(("sent", "left"), [(10, 10), (11, 0), (20, 0), (21, 21)])
def test_what_is_a_little_too_large_is_read_and_thrown_away(settings: Any, sent: int, left: int) -> None:
    """Or its sender is cut off before the answer; what is allowed, and what is far too large, is not touched."""
    settings.REQUEST_MAX_BYTES = 10
    request = RequestFactory().post("/apply/", b"x" * sent, content_type="application/octet-stream")
    answer = Bounds(lambda request: HttpResponse("inside"))(request)
    assert (answer.status_code, len(request.read())) == (200 if sent == 10 else 413, left)


def test_pages_load_from_their_own_host_only(cast: Any) -> None:
    answer = Client().get("/", HTTP_HOST="welding.localhost")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "unsafe" not in policy
