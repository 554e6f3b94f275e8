"""The database is away: 503 with a page in both languages, from the street map's reading on; nothing else is 503."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, ProgrammingError, connection, connections
from django.test import Client

from config.outage import is_connection_lost
from config.sight import metrics
from huilian.accounts.services.opening import open_account
from kit import clock
from tenants import registry
from tenants.context import inside
from tenants.files import UploadsAway
from tenants.postgresql.base import idle_connections
from tests.federation_fixture import Federation

EMAIL, PASSWORD = "li@example.org", "long enough words"


@pytest.fixture
def gone(cast: Any, monkeypatch: Any) -> Iterator[None]:
    """Nothing listens where the societies' logins lead; the street map is still remembered."""
    registry.street_map()
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    idle_connections.close_all()
    for road in ("default", "registry"):
        connections[road].close()
        monkeypatch.setitem(settings.DATABASES[road], "HOST", "127.0.0.1")
        monkeypatch.setitem(settings.DATABASES[road], "PORT", "9")
    yield
    for road in ("default", "registry"):
        connections[road].close()
    registry.forget()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def _assert_told(answer: Any) -> None:
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "暂停服务" in page
    assert "Not available for the moment" in page


def test_a_page_says_that_it_is_for_a_moment(gone: None, client: Client) -> None:
    before = metrics.DATABASE_LOST._value.get()
    _assert_told(client.get("/", HTTP_HOST="welding.localhost"))
    assert metrics.DATABASE_LOST._value.get() == before + 1


def test_so_does_a_form_and_a_signed_in_reader(gone: None, client: Client) -> None:
    client.cookies["session"] = "x" * 32
    _assert_told(client.get("/my/", HTTP_HOST="zhejiang.localhost"))
    _assert_told(client.get("/console/", HTTP_HOST="hq.localhost"))


def test_so_does_a_sign_in_whose_session_cannot_be_kept(
    federation: Federation, client: Client, monkeypatch: Any
) -> None:
    """The account was found, and with the last statement the database is gone: nobody has signed out meanwhile."""
    with inside(federation.welding):
        open_account(name="李", email=EMAIL, password=PASSWORD, language="zh-hans", at=clock.now())
    save, entries = Session.save, {"identifier": EMAIL, "password": PASSWORD}

    def lost(session: Session, **how: Any) -> None:
        if how["force_update"]:
            raise OperationalError("gone") from psycopg.OperationalError("server closed the connection unexpectedly")
        save(session, **how)

    with monkeypatch.context() as away:
        away.setattr(Session, "save", lost)
        _assert_told(client.post("/sign-in/", entries, HTTP_HOST="welding.localhost"))
    assert client.post("/sign-in/", entries, HTTP_HOST="welding.localhost").status_code == 302


def test_above_the_societies_too(gone: None, client: Client) -> None:
    """A process that has forgotten the street map cannot tell one host from another."""
    registry.forget()
    _assert_told(client.get("/", HTTP_HOST="welding.localhost"))


def test_programs_get_a_problem(gone: None, client: Client) -> None:
    registry.forget()
    answer = client.get("/api/v1/members/", HTTP_HOST="welding.localhost")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["code"] == "busy"


def test_the_log_says_it_once_and_shortly(gone: None, client: Client, caplog: Any) -> None:
    client.get("/join/", HTTP_HOST="welding.localhost")
    said = [record.getMessage() for record in caplog.records if record.levelname != "INFO"]
    assert len(said) == 1
    assert said[0].startswith("the database cannot be reached: django.db.utils.OperationalError")


def test_it_is_back_as_soon_as_the_server_is(cast: Any, client: Client, monkeypatch: Any) -> None:
    with monkeypatch.context() as away:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        idle_connections.close_all()
        away.setitem(settings.DATABASES["default"], "PORT", "9")
        away.setitem(settings.DATABASES["default"], "HOST", "127.0.0.1")
        assert client.get("/", HTTP_HOST="welding.localhost").status_code == 503
    assert client.get("/", HTTP_HOST="welding.localhost").status_code == 200


def test_a_session_that_the_server_ends_is_a_lost_one(in_welding: Any, admin_url: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
        with pytest.raises(OperationalError) as lost:
            cursor.execute("SELECT 1")
    assert is_connection_lost(lost.value)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(1)", OperationalError),
        ("SELECT * FROM nothing_of_the_kind", ProgrammingError),
        ("SELECT 1/0", Exception),
    ],
)
def test_a_failed_statement_is_none(cast: Any, statement: str, kind: type[Exception]) -> None:
    with inside(cast["welding"]), connection.cursor() as cursor:
        with pytest.raises(kind) as failed:
            cursor.execute(statement)
        assert not is_connection_lost(failed.value)


def test_a_bug_stays_a_bug(cast: Any, client: Client, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ProgrammingError("somebody's mistake")

    monkeypatch.setattr("huilian.portals.views.home.current_scheme", broken)
    answer = client.get("/", HTTP_HOST="welding.localhost")
    assert answer.status_code == 500
    assert "系统出现故障" in answer.content.decode()


def test_the_store_of_uploads_is_away(cast: Any, client: Client, monkeypatch: Any) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise UploadsAway("EndpointConnectionError")

    before = metrics.DATABASE_LOST._value.get()
    monkeypatch.setattr("huilian.portals.views.home.current_scheme", away)
    _assert_told(client.get("/", HTTP_HOST="welding.localhost"))
    assert metrics.DATABASE_LOST._value.get() == before
