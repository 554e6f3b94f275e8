"""Spans go to a collector where one is named: linked from request to task, and with nobody's data in them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from config.sight import tasks, tracing
from config.sight.passing import pass_on
from kit import clock
from kit.env import BadSetting
from referrals.services import mint_society_code
from tests.portals.visitor import HQ, Visitor
from tests.portals.walking import hand_in


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.trace_into(provider)
    yield exporter
    tracing.trace_into(None)


class Asked:
    name = "tests.asked"

    def __init__(self, headers: dict[str, Any]) -> None:
        self.request = type("Request", (), headers)


def test_a_request_its_statements_and_its_task_are_one_trace(cast: Any, spans: InMemorySpanExporter) -> None:
    headers: dict[str, Any] = {}
    with tracing._started("asking"):
        pass_on(headers=headers)
    tasks.begin("t-1", Asked(headers))
    Client().get("/", HTTP_HOST="welding.localhost")
    tasks.end("t-1", Asked(headers), state="SUCCESS")
    found: dict[str, Any] = {span.name: span for span in spans.get_finished_spans()}
    page, task = found["GET /"], found["tests.asked"]
    assert task.parent.span_id == found["asking"].context.span_id
    assert page.attributes["huilian.society"] == "101"
    assert (page.attributes["http.route"], page.attributes["http.response.status_code"]) == ("/", 200)
    assert found["SELECT"].attributes["db.query.text"].startswith("SELECT")
    assert found["SELECT"].context.trace_id == page.context.trace_id == task.context.trace_id
    assert task.attributes["celery.state"] == "success"


def test_nobody_is_in_a_span(federation: Any, spans: InMemorySpanExporter) -> None:
    with federation.inside(federation.welding):
        code = mint_society_code(label="Welding day", by="system", by_user=None, at=clock.now()).code
    li = Visitor()
    li.get(f"{HQ}/r/{code}/")
    li.get(li.link("category=student"))
    ticket = li.url.partition("?t=")[2]
    hand_in(li, federation.welding, "student", password="correct horse battery staple")
    assert li.path.startswith("/apply/done/"), li.words
    application = li.path.rsplit("/", 2)[-2]
    said = "".join(span.to_json() for span in spans.get_finished_spans())
    assert len(said) > 1000
    for word in ("李", "\\u674e", "@example.org", "correct horse", "+861", code, ticket, application):
        assert word not in said, word


def test_of_a_fault_only_the_kind_is_told(cast: Any, spans: InMemorySpanExporter, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise IntegrityError("Key (email)=(chen.jing@example.org) already exists.")

    monkeypatch.setattr("huilian.portals.views.home.current_scheme", broken)
    Client(raise_request_exception=False).get("/", HTTP_HOST="welding.localhost")
    page = next(span for span in spans.get_finished_spans() if span.name == "GET /")
    assert page.status.status_code is StatusCode.ERROR
    assert "chen.jing" not in page.to_json()


def test_off_nothing_is_noticed(cast: Any) -> None:
    headers: dict[str, Any] = {}
    pass_on(headers=headers)
    tasks.begin("t-1", Asked(headers))
    assert Client().get("/", HTTP_HOST="welding.localhost").status_code == 200
    tasks.end("t-1", Asked(headers), state="SUCCESS")
    assert headers == {}


def test_a_collector_gets_them(cast: Any, monkeypatch: Any) -> None:
    got: list[tuple[str, bytes]] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    monkeypatch.setattr(settings, "TRACES_TO", endpoint, raising=False)
    try:
        provider = tracing.trace("web")
        Client().get("/", HTTP_HOST="welding.localhost")
        provider.shutdown()
    finally:
        tracing.trace_into(None)
        server.shutdown()
        thread.join()
        server.server_close()
    assert [path for path, _body in got] == ["/v1/traces"]
    assert b"GET /" in got[0][1]


def test_told_to_trace_without_the_package(monkeypatch: Any) -> None:
    monkeypatch.setattr(tracing, "find_spec", lambda name: None)
    assert tracing.check_tracing("") == ""
    with pytest.raises(BadSetting, match=r"install `huilian\[otel\]`"):
        tracing.check_tracing("http://collector:4318")
