"""Log lines: what they say, and that nothing of anybody's is in them, whatever goes wrong."""

import gzip
import io
import json
import logging
import logging.config
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings
from django.db import IntegrityError
from django.test import Client

from config.celery import app
from config.sight import tasks
from config.sight.discretion import Discreet
from config.sight.passing import pass_on
from config.sight.scene import TASK_HEADER, Scene, scene
from config.sight.setup import FORMATS, logging_for
from huilian.accounts.models import Role
from huilian.accounts.services import mint_token
from huilian.members.models import Member
from huilian.notices.models import Notice
from kit import clock
from kit.env import BadSetting
from referrals.services import mint_society_code
from tests.portals.visitor import HQ, WELDING, Visitor
from tests.portals.walking import hand_in, office

PASSWORD = "correct horse battery staple"
STRANGER = {"phone": "13911112222", "email": "chen.jing@example.org", "name": "陈静静", "id": "110105199003070126"}


@pytest.fixture
def listening() -> Iterator[Any]:
    """Everything that is logged, at the lowest level, as a collector gets it; a function sets the form."""
    taken: list[io.StringIO] = []

    def listen(kind: str = "json", level: str = "DEBUG", **more: str) -> io.StringIO:
        wishes = logging_for(kind, level=level, **more)
        logging.config.dictConfig(wishes)
        handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
        stream = io.StringIO()
        handler.setStream(stream)
        taken.append(stream)
        return stream

    yield listen
    logging.config.dictConfig(settings.LOGGING)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _broken(*_: Any, **__: Any) -> None:
    """Faults repeat what was sent: the database's with its values, Python's with its words."""
    value = ValueError(f"invalid literal: {STRANGER['phone']} {STRANGER['name']}")
    detail = f"duplicate key\nDETAIL:  Key (email)=({STRANGER['email']}) already exists."
    raise IntegrityError(detail) from value


@shared_task(name="tests.broken")
def broken_task(*args: str, **kwargs: str) -> None:
    _broken()


@pytest.mark.parametrize("kind", FORMATS)
def test_nobody_is_in_the_log(federation: Any, listening: Any, monkeypatch: Any, kind: str) -> None:
    """A person joins, signs in, errs and is hit by our faults; staff and programs do, too."""
    with federation.inside(federation.welding):
        code = mint_society_code(label="Welding day", by="system", by_user=None, at=clock.now()).code
        wang = office(Role.REGISTRAR, "王守义")
        until = clock.now() + timedelta(days=30)
        token = mint_token(wang, label="x", scopes=["members:read"], expires_at=until, by="system", at=clock.now())[1]
    stream = listening(kind)
    li = Visitor()
    li.get(f"{HQ}/r/{code}/")
    li.get(li.link("category=student"))
    ticket = li.url.partition("?t=")[2]
    form = hand_in(li, federation.welding, "student", password=PASSWORD)
    assert li.path.startswith("/apply/done/"), li.words
    li.get("/my/")
    li.post("/my/password/", {"password": PASSWORD, "again": PASSWORD})
    li.get(f"/invitation/{token}/")
    li.get(f"/{STRANGER['phone']}/{STRANGER['name']}?q={STRANGER['email']}")
    chen = Visitor()
    for host in (HQ, WELDING):
        chen.post(f"{host}/sign-in/", {"identifier": STRANGER["email"], "password": PASSWORD, "next": "/my/"})
        chen.post(f"{host}/sign-in/reset/", {"contact": STRANGER["phone"], "send": "1"})
    chen.get(f"{WELDING}/apply/?t={ticket}{STRANGER['id']}")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.post(f"/invitation/{token}/", {"password": PASSWORD}, HTTP_HOST="welding.localhost")
    strict.get("/", HTTP_HOST=f"{STRANGER['phone']}.example.org", HTTP_X_REQUEST_ID=STRANGER["email"])
    head: dict[str, Any] = {"HTTP_HOST": "welding.localhost", "HTTP_AUTHORIZATION": f"Bearer {token}"}
    strict.get(f"/api/v1/members/?q={STRANGER['name']}", **head)
    strict.get("/api/v1/members/", HTTP_HOST="welding.localhost", HTTP_AUTHORIZATION=f"Bearer {token}x")
    strict.post("/api/v1/applications/", {"answers": STRANGER}, content_type="application/json", **head)

    monkeypatch.setattr("huilian.portals.views.home.current_scheme", _broken)
    assert strict.get(f"/?q={STRANGER['name']}", HTTP_HOST="welding.localhost").status_code == 500
    monkeypatch.setattr("api.v1.auth.user_of_token", _broken)
    assert strict.get(f"/api/v1/members/?q={STRANGER['name']}", **head).status_code == 500
    broken_task.apply(args=(STRANGER["phone"],), kwargs={"name": STRANGER["name"]})
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/r/{code}/?q={STRANGER['name']}")

    said = stream.getvalue()
    assert "500" in said and "IntegrityError" in said and "tests.broken" in said
    with federation.inside(federation.welding):
        letters = [word for letter in Notice.objects.all() for word in re.findall(r"\b\d{6}\b", letter.body)]
        number = Member.objects.get().number
    secret = {code, code.replace("-", ""), token, ticket, PASSWORD, wang.name, number, *letters, *STRANGER.values()}
    secret |= {str(form[key]) for key in ("name", "id_number", "email", "mobile", "birth_date")}
    found = sorted(word for word in secret if word and word in said)
    assert found == [], [line for line in said.splitlines() if any(word in line for word in found)]
    assert len(letters) >= 1


def test_a_line_for_each_request(cast: Any, listening: Any) -> None:
    stream = listening("json", "WARNING")
    given = "0af7651916cd43dd8448eb211c80319c"
    answer = Client().get("/r/ABC/?x=1", HTTP_HOST="welding.localhost", HTTP_X_REQUEST_ID=given)
    assert answer.headers["X-Request-ID"] == given
    (line,) = [line for line in lines(stream) if line["logger"] == "huilian.requests"]
    assert line.pop("timestamp").endswith("+00:00")
    assert line.pop("duration_ms") > 0
    assert line == {
        "level": "INFO",
        "logger": "huilian.requests",
        "message": "answered",
        "society": "101",
        "request_id": given,
        "method": "GET",
        "path": "/r/<str:text>/",
        "view": "referral_code",
        "status": answer.status_code,
    }


@pytest.mark.parametrize(
    "insane", ["", "short", "a b c d e f g h", "x" * 65, "line\nbreak-line", "<script>alert</script>"]
)
def test_an_insane_id_is_replaced(cast: Any, insane: str) -> None:
    answer = Client().get("/", HTTP_HOST="welding.localhost", HTTP_X_REQUEST_ID=insane)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_who_is_told_by_id(federation: Any, listening: Any) -> None:
    with federation.inside(federation.welding):
        wang = office(Role.REGISTRAR, "王守义")
    client = Client()
    with federation.inside(federation.welding):
        client.force_login(wang)
    stream = listening("json", "WARNING")
    assert client.get("/console/", HTTP_HOST="welding.localhost").status_code == 200
    (line,) = [line for line in lines(stream) if line["logger"] == "huilian.requests"]
    assert (line["user"], line["path"], line["society"]) == (wang.pk, "/console/", "101")


def test_a_fault_has_its_stack_and_not_its_words(cast: Any, listening: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("huilian.portals.views.home.current_scheme", _broken)
    for kind in FORMATS:
        stream = listening(kind, "WARNING")
        answer = Client(raise_request_exception=False).get("/", HTTP_HOST="welding.localhost")
        assert answer.status_code == 500
        said = stream.getvalue()
        assert "django.db.utils.IntegrityError" in said
        assert "ValueError" in said
        assert "platform/huilian/portals/views/home.py:" in said
        assert "DETAIL" not in said
    assert said.count("Internal Server Error: /") == 1


def test_nobody_writes_a_second_line(listening: Any) -> None:
    for kind in FORMATS:
        stream = listening(kind)
        logging.getLogger("x").warning("one\n2026-01-01 ERROR root %s", "two\r\nthree")
        assert len(stream.getvalue().splitlines()) == 1


def test_a_task_knows_which_request_asked_for_it(listening: Any) -> None:
    headers: dict[str, Any] = {}
    token = scene.set(Scene(request_id="0af7651916cd43dd"))
    pass_on(headers=headers)
    scene.reset(token)
    assert headers == {TASK_HEADER: "0af7651916cd43dd"}
    stream = listening()

    class Asked:
        name = "tests.asked"
        request = type("Request", (), headers)

    tasks.begin("t-1", Asked)
    logging.getLogger("x").warning("inside")
    tasks.end("t-1", Asked, state="SUCCESS")
    inside = next(line for line in lines(stream) if line["message"] == "inside")
    assert (inside["request_id"], inside["task_id"], inside["task"]) == ("0af7651916cd43dd", "t-1", "tests.asked")
    assert scene.get() is None


def test_celerys_words_are_withheld() -> None:
    record = logging.LogRecord("celery.app.trace", logging.INFO, "", 1, "Task %(name)s: %(return_value)s", None, None)
    record.args = {"name": "a.task", "return_value": STRANGER["phone"], "args": STRANGER["name"]}
    Discreet().filter(record)
    assert record.getMessage() == "Task a.task: (withheld)"
    assert app.conf.worker_hijack_root_logger is False


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(BadSetting, match="HUILIAN_LOG_FORMAT is 'xml'; write one of plain, json"):
        logging_for("xml", level="INFO")


# -- Sentry


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """Takes envelopes as Sentry does; gives the DSN that leads to it."""
    got: list[bytes] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://public@127.0.0.1:{server.server_address[1]}/1", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_fault_is_reported_without_anybody(
    cast: Any, listening: Any, receiver: tuple[str, list[bytes]], monkeypatch: Any
) -> None:
    sentry_sdk = pytest.importorskip("sentry_sdk")
    dsn, got = receiver
    listening("json", "WARNING", dsn=dsn, environment="testing")
    try:
        monkeypatch.setattr("huilian.portals.views.home.current_scheme", _broken)
        client = Client(raise_request_exception=False)
        client.cookies["session"] = "cookie-of-somebody"
        client.get(f"/?q={STRANGER['name']}", HTTP_HOST="welding.localhost")
        logging.getLogger("x").warning("no fault")
        sentry_sdk.flush(5)
    finally:
        sentry_sdk.init()  # off again
    (envelope,) = got
    event = json.loads(envelope.splitlines()[-1])
    kinds = [each["value"] for each in event["exception"]["values"]]
    assert kinds == ["ValueError", "django.db.utils.IntegrityError"]
    places = [frame["filename"] for frame in event["exception"]["values"][-1]["stacktrace"]["frames"]]
    assert "platform/huilian/portals/views/home.py" in places
    assert (event["environment"], event["tags"]["society"], event["tags"]["path"]) == ("testing", "101", "/")
    said = envelope.decode()
    assert [word for word in (*STRANGER.values(), "cookie-of-somebody", "DETAIL") if word in said] == []
    assert set(event) & {"user", "request", "breadcrumbs", "server_name", "modules", "extra", "contexts"} == set()


def test_told_to_report_without_the_package(monkeypatch: Any) -> None:
    monkeypatch.setattr("config.sight.setup.find_spec", lambda _: None)
    with pytest.raises(BadSetting, match=r"SENTRY_DSN is set, but the package is missing: install `huilian\[sentry\]`"):
        logging_for("json", level="INFO", dsn="http://public@127.0.0.1/1")
    logging_for("json", level="INFO")
