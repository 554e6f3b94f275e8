"""Each mistake is found, named, and told what to do about; and a sound installation is called sound."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connections
from psycopg.sql import SQL, Identifier

from config.celery import app
from config.examining import checks, database, running
from config.examining import settings as alone
from config.examining.examination import Answer
from config.examining.table import EXAMINATIONS, FATAL
from federation.models import OutboxMessage
from kit import clock
from tenants import registry
from tenants.context import inside
from tenants.models import Society
from tenants.postgresql.base import idle_connections
from tenants.roles import relay_role, resolver_role, society_login
from tests.environment import DATABASE


def told(answer: Answer) -> str:
    return " ".join(fault.sentence for fault in answer.faults)


def faults(answer: Answer) -> list[tuple[str, bool]]:
    return [(fault.sentence, fault.only_warn) for fault in answer.faults]


# -- the table


def test_numbers_are_given_once_and_every_fault_has_a_remedy() -> None:
    numbers = [examination.number for examination in EXAMINATIONS]
    assert len(numbers) == len(set(numbers)) == 26
    assert set(numbers) >= FATAL


# -- settings


@pytest.mark.parametrize(
    ("setting", "question", "weak"),
    [
        ("SECRET_KEY", alone.secret_key, "x" * 60),
        ("SECRET_KEY", alone.secret_key, "abcdefghijklmnop"),
        ("DATABASE_KEY", alone.database_key, "short-but-mixed-0123"),
        ("FIELD_KEY", alone.field_key, "ab" * 30),
        ("FIELD_KEY", alone.field_key, "unset"),
    ],
)
def test_a_weak_key_is_named_and_never_shown(setting: str, question: Any, weak: str, monkeypatch: Any) -> None:
    assert question().faults == []
    monkeypatch.setattr(settings, setting, weak)
    (fault,) = question().faults
    assert not fault.only_warn
    assert setting in fault.sentence
    assert weak not in f"{question()}" or weak == "unset"
    assert "token_urlsafe" in fault.remedy


@pytest.mark.parametrize("allowed", [["*"], [".example.org", "*.example.com"], ["."]])
def test_wildcard_hosts(allowed: list[str], monkeypatch: Any) -> None:
    assert alone.hosts().faults == []
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", allowed)
    assert told(alone.hosts()).startswith("Any host is taken: ")


def test_a_whole_top_level_domain(monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "SITE_DOMAIN", "org")
    assert told(alone.hosts()) == "The domain is org: everything below it would be a society's host."


def test_away_from_home_plain_http_and_what_one_process_keeps_are_warned_of(monkeypatch: Any) -> None:
    for question in (alone.scheme, alone.cache, alone.broker, alone.debugging):
        assert question().faults == []
    monkeypatch.setattr(settings, "SITE_DOMAIN", "members.example.org")
    monkeypatch.setattr(settings, "BROKER_URL", "filesystem://")
    for question, words in (
        (alone.scheme, "the scheme is http"),
        (alone.cache, "a cache of its own"),
        (alone.broker, "a folder of this machine"),
    ):
        ((sentence, only_warn),) = faults(question())
        assert words in sentence
        assert only_warn
    monkeypatch.setattr(settings, "DEBUG", True)
    ((sentence, only_warn),) = faults(alone.debugging())
    assert sentence.startswith("HUILIAN_DEBUG is on")
    assert not only_warn


def test_uploads_that_cannot_be_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    assert alone.media().faults == []
    (tmp_path / "media").write_text("a file in its place")
    assert told(alone.media()).startswith("Uploads cannot be read: ")
    (tmp_path / "media").unlink()
    monkeypatch.setattr("os.access", lambda path, mode: mode != __import__("os").W_OK)
    ((sentence, only_warn),) = faults(alone.media())
    assert sentence.startswith("Uploads cannot be written: ")
    assert only_warn


def test_nothing_begins_to_serve_with_an_unset_key(monkeypatch: Any) -> None:
    checks.refuse_to_serve()
    monkeypatch.setattr(settings, "SECRET_KEY", "unset")
    with pytest.raises(SystemExit, match=r"huilian\.E001: SECRET_KEY is not set\."):
        checks.refuse_to_serve()


def test_django_asks_them_too(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "FIELD_KEY", "unset")
    ids = [message.id for message in run_checks(include_deployment_checks=True)]
    assert "huilian.E003" in ids
    assert [m.id for m in run_checks() if str(m.id).startswith("huilian")] == []
    assert [m.id for m in run_checks(tags=["database"], databases=["registry"])] == []
    monkeypatch.setattr(database, "OLDEST_VERSION", 990000)
    assert [m.id for m in run_checks(tags=["database"], databases=["registry"])] == ["huilian.E021"]
    assert [m.id for m in run_checks(tags=["database"], databases=["provisioner"])] == []


# -- the database


@pytest.fixture
def admin(cast: Any, admin_url: str) -> Iterator[Any]:
    with psycopg.connect(admin_url, dbname=DATABASE, autocommit=True) as session:
        yield session


def role_of(society: Any) -> str:
    return society_login(society.schema_name, society.role_epoch)[0]


QUESTIONS = [
    database.reachable,
    database.version,
    database.mighty_roles,
    database.schemas,
    database.grants,
    database.sessions,
    database.pooling,
    database.clock_skew,
    database.provisioner,
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_a_sound_database_is_called_sound(cast: Any, question: Any) -> None:
    assert question().faults == []


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION"])
def test_a_role_that_may_too_much(admin: Any, welding: Any, power: str) -> None:
    role = Identifier(role_of(welding))
    admin.execute(SQL("ALTER ROLE {} " + power).format(role))
    try:
        assert told(database.mighty_roles()) == f"These roles may do more than their work: {role_of(welding)}."
    finally:
        admin.execute(SQL("ALTER ROLE {} NO" + power).format(role))
    assert database.mighty_roles().faults == []


def test_a_role_that_may_not_log_in(admin: Any) -> None:
    relay = Identifier(relay_role())
    admin.execute(SQL("ALTER ROLE {} NOLOGIN").format(relay))
    try:
        assert told(database.mighty_roles()) == f"These roles are missing or may not log in: {relay_role()}."
    finally:
        admin.execute(SQL("ALTER ROLE {} LOGIN").format(relay))


def test_a_missing_schema(admin: Any, zhejiang: Any) -> None:
    old, new = Identifier(zhejiang.schema_name), Identifier(f"{zhejiang.schema_name}_away")
    admin.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(old, new))
    try:
        assert told(database.schemas()) == "The schema of these societies is missing: 201."
        assert running.migrations().faults == []  # it is said once
        assert database.sessions().faults == []
    finally:
        admin.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(new, old))


@pytest.mark.parametrize(
    ("give", "words"),
    [
        ("GRANT CREATE ON SCHEMA {own} TO {role}", "may CREATE: test_huilian_s_welding in s_welding"),
        ("GRANT CREATE ON SCHEMA public TO {role}", "may CREATE: test_huilian_s_welding in public"),
        ("GRANT USAGE ON SCHEMA {other} TO {role}", "enter others' schemas: test_huilian_s_welding in s_zhejiang"),
        ("GRANT UPDATE ON {own}.journal_record TO {role}", "can be changed: test_huilian_s_welding journal_record"),
        ("GRANT SELECT ON {own}.members_member TO {relay}", "test_huilian_relay s_welding.members_member"),
        ("GRANT SELECT ON public.tenants_renderedmigration TO {resolver}", "public.tenants_renderedmigration"),
    ],
)
def test_a_grant_too_many(admin: Any, welding: Any, zhejiang: Any, give: str, words: str) -> None:
    names = {
        "role": Identifier(role_of(welding)),
        "own": Identifier(welding.schema_name),
        "other": Identifier(zhejiang.schema_name),
        "relay": Identifier(relay_role()),
        "resolver": Identifier(resolver_role()),
    }
    admin.execute(SQL(give).format(**names))
    try:
        assert words in told(database.grants()).replace(DATABASE, "test_huilian")
    finally:
        admin.execute(SQL(give.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")).format(**names))
    assert database.grants().faults == []


def test_a_role_whose_settings_do_not_hold_is_pinned_again(admin: Any, welding: Any) -> None:
    role = Identifier(role_of(welding))
    admin.execute(SQL("ALTER ROLE {} RESET statement_timeout").format(role))
    admin.execute(SQL("REVOKE USAGE ON SCHEMA {} FROM {}").format(Identifier(welding.schema_name), role))
    idle_connections.close_all()
    connections["default"].close()
    assert told(database.sessions()) == "Settings of the role do not hold (statement_timeout): 101."
    assert "cannot enter their own schema" in told(database.grants())
    call_command("pin_roles", stdout=io.StringIO())
    idle_connections.close_all()
    connections["default"].close()
    assert database.sessions().faults == []
    assert database.grants().faults == []


def test_a_login_that_leads_elsewhere(admin: Any, welding: Any, zhejiang: Any) -> None:
    role = Identifier(role_of(welding))
    admin.execute(SQL("ALTER ROLE {} SET search_path = {}").format(role, Identifier(zhejiang.schema_name)))
    idle_connections.close_all()
    connections["default"].close()
    try:
        assert told(database.sessions()) == "The login leads to another schema: 101."
    finally:
        admin.execute(SQL("ALTER ROLE {} SET search_path = {}").format(role, Identifier(welding.schema_name)))


def test_statements_that_go_to_several_sessions(cast: Any, monkeypatch: Any) -> None:
    class Torn:
        turns = iter(range(9))

        def __enter__(self) -> "Torn":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def execute(self, statement: str) -> None:
            pass

        def fetchone(self) -> tuple[int, str]:
            return next(self.turns), "7"

    monkeypatch.setattr(database, "connection", SimpleNamespace(cursor=Torn))
    assert told(database.pooling()) == "The statements of one transaction went to several sessions."


def test_a_clock_that_is_wrong(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=400))
    assert told(database.clock_skew()).startswith("The clocks of this machine and of the database are 400.")


def test_a_database_that_is_away(cast: Any, monkeypatch: Any) -> None:
    connections["registry"].close()
    monkeypatch.setitem(settings.DATABASES["registry"], "HOST", "127.0.0.1")
    monkeypatch.setitem(settings.DATABASES["registry"], "PORT", "9")
    try:
        assert "refused" in told(database.reachable())
        assert [message.id for message in run_checks(tags=["database"], databases=["registry"])] == ["huilian.E020"]
        found = doctor()
        by_number = {each["number"]: each["verdict"] for each in found["examinations"]}
        assert (by_number[20], by_number[21], by_number[44]) == ("wrong", "unknown", "unknown")
        assert by_number[1] == "right"
    finally:
        connections["registry"].close()


# -- the whole


def doctor(code: int | None = 1) -> Any:
    """What doctor says, as data."""
    out = io.StringIO()
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", "--json", stdout=out)
        assert ended.value.code == code
    else:
        call_command("doctor", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def workers(monkeypatch: Any) -> Any:
    """What the workers answer; the real answer is asked for by the test of the running whole."""
    said = {
        "worker@a": {"queues": ["societies"], "up": 90.0, "heard": {"federation.tasks.sweep": 2.0}},
        "provisioner@b": {"queues": ["provision"], "up": 90.0, "heard": {}},
    }
    monkeypatch.setattr(running, "WORKERS_ANSWER_WITHIN", 0.1)
    monkeypatch.setattr(app.control, "broadcast", lambda *_, **__: [{name: each} for name, each in said.items()])
    running.forget()
    yield said
    running.forget()


def test_workers_and_beat_at_work(workers: Any) -> None:
    assert (running.workers().faults, running.beat().faults) == ([], [])
    assert running.workers().found == "2 at provision, societies"


def test_no_worker(workers: Any) -> None:
    workers.clear()
    assert told(running.workers()).startswith("No worker answers within")
    assert told(running.beat()) == "Whether beat is alive is unknown: no worker answers."


def test_a_queue_that_nobody_serves(workers: Any) -> None:
    del workers["provisioner@b"]
    assert told(running.workers()) == "Nobody serves the queue `provision`."


def test_beat_that_is_silent(workers: Any) -> None:
    workers["worker@a"]["heard"] = {"federation.tasks.sweep": 600.0}
    assert told(running.beat()) == "No sweep was asked for during 600 s."
    workers["worker@a"]["heard"] = {}
    running.forget()
    assert told(running.beat()) == "No sweep was asked for during 90 s."


def test_a_broker_that_is_away(monkeypatch: Any) -> None:
    assert running.broker().faults == []
    monkeypatch.setattr(app, "connection_for_write", lambda: (_ for _ in ()).throw(ConnectionRefusedError()))
    assert told(running.broker()).endswith("cannot be reached: ConnectionRefusedError.")


def test_messages_that_stand_still(federation: Any) -> None:
    assert running.border().faults == []
    with inside(federation.welding):
        OutboxMessage.objects.create(
            receiver="100", type="x", subject="x", payload={}, occurred_at=datetime.now(UTC) - timedelta(minutes=30)
        )
    assert told(running.border()) == "The oldest message between societies has been on its way for 30 min."


def test_migrations_behind_and_ahead(cast: Any, admin: Any, welding: Any) -> None:
    assert running.migrations().faults == []
    table = SQL("{}.django_migrations").format(Identifier(welding.schema_name))
    (row,) = admin.execute(SQL("DELETE FROM {} WHERE app = 'journal' RETURNING app, name, applied").format(table))
    try:
        assert told(running.migrations()) == "Behind this code: 101."
    finally:
        admin.execute(SQL("INSERT INTO {} (app, name, applied) VALUES (%s, %s, %s)").format(table), row)
    admin.execute(SQL("INSERT INTO {} (app, name, applied) VALUES ('journal', '9999_x', now())").format(table))
    try:
        assert faults(running.migrations()) == [("Ahead of this code: 101.", True)]
    finally:
        admin.execute(SQL("DELETE FROM {} WHERE name = '9999_x'").format(table))


def test_backups(cast: Any) -> None:
    everyone = Society.objects.using("provisioner")
    try:
        everyone.update(backed_up_at=datetime.now(UTC) - timedelta(hours=1))
        registry.forget()
        assert running.backup() == Answer("all within 60 min")
        everyone.filter(number="101").update(backed_up_at=datetime.now(UTC) - timedelta(days=3))
        registry.forget()
        assert faults(running.backup()) == [("The oldest last backup of a society is 72 h old.", False)]
    finally:
        everyone.update(backed_up_at=None)
        registry.forget()


def test_a_full_disk(monkeypatch: Any) -> None:
    for free, only_warn in ((3, False), (7, True)):
        usage = SimpleNamespace(total=100 * 2**30, free=free * 2**30)
        monkeypatch.setattr("shutil.disk_usage", lambda _, usage=usage: usage)
        ((sentence, warned),) = faults(running.disk())
        assert sentence.startswith("The disk of the uploads is nearly full")
        assert warned is only_warn


def test_doctor_says_it_in_words_and_as_data(cast: Any, workers: Any, monkeypatch: Any) -> None:
    everyone = Society.objects.using("provisioner")
    monkeypatch.setattr("federation.ledger.reconciling.street_map", registry.street_map)
    monkeypatch.setattr(running, "MOST_SILENCE", 1e12)
    try:
        everyone.update(backed_up_at=datetime.now(UTC))
        registry.forget()
        found = doctor(code=0)
        assert found["sound"] is True
        assert [each for each in found["examinations"] if each["verdict"] != "right"] == []
        monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
        found = doctor(code=1)
        (wrong,) = [each for each in found["examinations"] if each["verdict"] == "wrong"]
        assert (found["sound"], wrong["number"], wrong["faults"][0]["id"]) == (False, 4, "huilian.E004")
        out = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("doctor", stdout=out)
        words = out.getvalue()
        assert "WRONG   hosts that are answered: *\n        huilian.E004 Any host is taken: *.\n        → " in words
        assert words.endswith("26 examinations: 1 wrong, 0 to look at.\n")
    finally:
        everyone.update(backed_up_at=None)
        registry.forget()
