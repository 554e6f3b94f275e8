"""What is counted, what is asked and by how many queries, and that nobody gets it through a society's host."""

import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client import generate_latest

from config.sight import exposing, figures, metrics, tasks
from federation import relay
from federation.ledger.models import Case, Reconciliation
from federation.models import InboxMessage, OutboxMessage
from tenants import registry
from tenants.context import headquarters, inside
from tenants.models import Society

NOW = datetime.now(UTC)


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def counted(view: str, method: str = "GET", status: str = "2xx") -> float:
    return value("huilian_http_requests_total", view=view, method=method, status=status)


def views() -> set[str]:
    return {s.labels["view"] for m in metrics.REGISTRY.collect() for s in m.samples if "view" in s.labels}


# -- counting


def test_requests_by_view_method_and_status_class(cast: Any) -> None:
    client = Client()
    before = [counted("home"), counted("-", status="4xx"), counted("healthz"), counted("home", "OTHER", "4xx")]
    timed = value("huilian_http_request_duration_seconds_count", view="home")
    client.get("/", HTTP_HOST="welding.localhost")
    client.get("/", HTTP_HOST="hq.localhost")
    client.get("/no/such/page", HTTP_HOST="welding.localhost")
    client.get("/healthz/live", HTTP_HOST="10.0.0.7")
    client.generic("BREW", "/", HTTP_HOST="welding.localhost")
    after = [counted("home"), counted("-", status="4xx"), counted("healthz"), counted("home", "OTHER", "4xx")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 1, 1, 1]
    assert value("huilian_http_request_duration_seconds_count", view="home") == timed + 3
    assert value("huilian_http_request_duration_seconds_count", view="healthz") == 0
    assert value("huilian_http_requests_under_way") == 0


def test_what_somebody_sends_is_no_label(cast: Any) -> None:
    before = views()
    for number in range(20):
        Client().get(f"/nothing/{number}/", HTTP_HOST="welding.localhost")
        Client().get("/", HTTP_HOST=f"nobody-{number}.example.org")
        Client().get(f"/r/CODE{number}/", HTTP_HOST="welding.localhost")
    assert views() - before <= {"-", "referral_code"}
    assert {"-", "referral_code"} <= views()


def test_tasks_by_name_and_outcome() -> None:
    class Work:
        name = "tests.work"
        request = object()

    for state in ("SUCCESS", "SUCCESS", "FAILURE", "RETRY", None):
        tasks.begin("t", Work)
        tasks.end("t", Work, state=state)
    outcomes = {o: value("huilian_tasks_total", task="tests.work", outcome=o) for o in ("success", "failure", "retry")}
    assert outcomes == {"success": 2, "failure": 2, "retry": 1}
    assert value("huilian_task_duration_seconds_count", task="tests.work") == 5
    assert time.time() - value("huilian_task_last_start_timestamp_seconds", task="tests.work") < 60


def test_societies_are_no_label() -> None:
    counted = {name for collector in metrics.REGISTRY._collector_to_names for name in collector._labelnames}  # type: ignore[attr-defined]
    asked = {figure.label for _question, group in figures.PARTS.values() for figure in group}
    assert counted | asked == {"view", "method", "status", "task", "outcome", "state", "age", ""}


# -- several processes behind one port

FAMILY = """
import os
from config.sight.gathering import gather, forget_the_dead, FOLDER
gather()
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from config.sight import metrics
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        metrics.REQUESTS.labels(view="home", method="GET", status="2xx").inc()
        metrics.IDLE_CONNECTIONS.set(4)
        os._exit(0)
    os.waitpid(pid, 0)
metrics.IDLE_CONNECTIONS.set(2)
told = CollectorRegistry()
MultiProcessCollector(told)
forget_the_dead()
print(generate_latest(told).decode())
print("FOLDER", os.environ[FOLDER])
"""


def test_the_sum_of_several_processes_without_what_the_dead_held() -> None:
    path = f"{settings.BASE_DIR}:{settings.PLATFORM_DIR}"
    done = subprocess.run([sys.executable, "-c", FAMILY], env={"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert 'huilian_http_requests_total{method="GET",status="2xx",view="home"} 3.0' in done.stdout
    assert "huilian_database_connections_idle 2.0" in done.stdout
    folder = done.stdout.rpartition("FOLDER ")[2].strip()
    assert folder.startswith("/") and not Path(folder).exists()


# -- asking


@pytest.fixture
def none_remembered() -> Any:
    registry.forget()
    yield
    registry.forget()


def test_the_border_in_seconds_and_messages(federation: Any, none_remembered: None) -> None:
    quiet = figures.border(NOW)
    assert set(quiet.values()) == {0.0}
    message = {"type": "x", "subject": "x", "payload": {}}
    with inside(federation.welding):
        for minutes in (3, 10):
            OutboxMessage.objects.create(receiver="100", occurred_at=NOW - timedelta(minutes=minutes), **message)
    with inside(federation.zhejiang):
        for number, state in enumerate(("waiting", "parked", "parked"), start=1):
            InboxMessage.objects.create(
                message_id=uuid4(), sender="100", sequence=number, version=1, state=state, **message,
                occurred_at=NOW, received_at=NOW - timedelta(minutes=20),
            )  # fmt: skip
    assert figures.border(NOW) == {
        "huilian_border_lag_seconds": 1200.0,
        "huilian_border_outbox_oldest_age_seconds": 600.0,
        "huilian_border_inbox_oldest_age_seconds": 1200.0,
        "huilian_border_messages_undelivered": 2.0,
        "huilian_border_messages_waiting": 1.0,
        "huilian_border_messages_parked": 2.0,
    }


def _case(hours: float, **changes: Any) -> None:
    wish: dict[str, Any] = {
        "society": "101", "application_id": uuid4(), "step_index": 1, "step": "review", "reference": "x", "name": "x",
        "kind": "person", "category": "senior", "channel": "branch", "scheme_version": 1,
        "opened_at": NOW - timedelta(hours=hours),
    }  # fmt: skip
    Case.objects.create(**{**wish, **changes})


def test_cases_by_age_and_what_is_overdue(federation: Any, none_remembered: None) -> None:
    with inside(federation.hq):
        for hours in (1, 23, 25, 71, 73, 167, 169, 719, 721):
            _case(hours)
        _case(2, due_on=NOW.date() - timedelta(days=1))
        _case(9999, state="decided", due_on=NOW.date() - timedelta(days=1))
    found = figures.cases(NOW)
    assert found["huilian_cases_open"] == {
        "under_1d": 3.0,
        "1d_to_3d": 2.0,
        "3d_to_7d": 2.0,
        "7d_to_30d": 2.0,
        "30d_and_over": 1.0,
    }
    assert found["huilian_cases_overdue"] == 1.0
    assert found["huilian_case_oldest_age_seconds"] == 721 * 3600.0


def test_the_last_comparison_counts(federation: Any, none_remembered: None) -> None:
    with inside(federation.hq):
        for society, hours, agrees in (
            ("100", 1, True), ("101", 30, False), ("101", 2, True), ("201", 5, True), ("201", 3, False),
            ("201", 0, None),
        ):  # fmt: skip
            at = NOW - timedelta(hours=hours)
            Reconciliation.objects.create(
                society=society, asked_at=at, answered_at=None if agrees is None else at, agrees=agrees
            )
    found = figures.cases(NOW)
    assert found["huilian_reconcile_societies_differing"] == 1.0
    assert found["huilian_reconcile_age_seconds"] == 3 * 3600.0


def test_backups_and_upgrades_from_the_street_map(cast: Any, none_remembered: None) -> None:
    everyone = Society.objects.using("provisioner")
    try:
        everyone.update(backed_up_at=NOW - timedelta(hours=3))
        everyone.filter(number="101").update(backed_up_at=NOW - timedelta(hours=30), upgrade_error="LockTimeout")
        registry.forget()
        assert figures.societies(NOW) == {
            "huilian_societies": {"opening": 0.0, "open": 3.0, "suspended": 0.0},
            "huilian_societies_upgrade_failed": 1.0,
            "huilian_backup_age_seconds": 30 * 3600.0,
            "huilian_societies_without_backup": 0.0,
        }
        everyone.filter(number="201").update(backed_up_at=None)
        registry.forget()
        since_opened = (NOW - everyone.get(number="201").opened_at).total_seconds()
        assert figures.societies(NOW)["huilian_backup_age_seconds"] == since_opened
        assert figures.societies(NOW)["huilian_societies_without_backup"] == 1.0
    finally:
        everyone.update(backed_up_at=None, upgrade_error="")


def test_societies_behind_their_template(cast: Any, none_remembered: None) -> None:
    assert figures.upgrade(NOW) == {"huilian_societies_behind": 0.0}
    with connections["provisioner"].cursor() as cursor:
        cursor.execute("UPDATE s_welding.django_migrations SET name = name || '_x' WHERE app = 'journal'")
        try:
            assert figures.upgrade(NOW) == {"huilian_societies_behind": 1.0}
        finally:
            cursor.execute("UPDATE s_welding.django_migrations SET name = rtrim(name, '_x') WHERE app = 'journal'")
    assert figures.upgrade(NOW) == {"huilian_societies_behind": 0.0}


@pytest.mark.parametrize("societies", [1, 3])
def test_a_constant_number_of_queries(cast: Any, monkeypatch: Any, societies: int) -> None:
    """One society or three: one question to all outboxes and inboxes, two to headquarters' books."""
    known = dict(list(relay._addressees().items())[:societies])
    monkeypatch.setattr(relay, "_addressees", lambda: known)
    asked: list[list[str]] = []
    ask = relay._ask

    def noted(statement: Any, schemas: list[str], facts: dict[str, Any]) -> Any:
        asked.append(schemas)
        return ask(statement, schemas, facts)

    monkeypatch.setattr(relay, "_ask", noted)
    figures.border(NOW)
    assert [len(schemas) for schemas in asked] == [societies]
    with inside(headquarters()), CaptureQueriesContext(connection) as caught:
        figures.cases(NOW)
    assert len(caught) == 2


def test_asked_again_after_some_seconds_only(cast: Any, monkeypatch: Any) -> None:
    asked: list[str] = []

    def ask(part: str) -> figures.Values:
        asked.append(part)
        return {"huilian_societies_behind": 0.0}

    monkeypatch.setattr(figures, "ask", ask)
    survey = exposing.Survey(("upgrade",), seconds=60)
    for _scrape in range(5):
        names = [metric.name for metric in survey.collect()]
    assert asked == ["upgrade"]
    assert names == ["huilian_societies_behind", "huilian_survey_failed", "huilian_build_info"]
    survey = exposing.Survey(("upgrade",), seconds=0)
    for _scrape in range(3):
        list(survey.collect())
    assert len(asked) == 4


def test_what_cannot_be_asked_is_left_out_and_named(cast: Any, monkeypatch: Any, caplog: Any) -> None:
    def broken(part: str) -> Any:
        if part == "cases":
            raise RuntimeError("13911112222")
        return figures.PARTS[part][0](NOW)

    monkeypatch.setattr(figures, "ask", broken)
    told = {metric.name: metric for metric in exposing.Survey(("border", "cases"), seconds=60).collect()}
    assert "huilian_cases_open" not in told
    assert "huilian_border_lag_seconds" in told
    failed = {sample.labels["part"]: sample.value for sample in told["huilian_survey_failed"].samples}
    assert failed == {"border": 0.0, "cases": 1.0}
    assert "13911112222" not in caplog.text


def test_the_web_cannot_ask_what_only_the_provisioner_may(monkeypatch: Any) -> None:
    assert "upgrade" not in figures.parts_of_web()
    assert figures.parts_of_worker() == ("upgrade",)
    monkeypatch.delitem(settings.DATABASES, "provisioner")
    assert figures.parts_of_worker() == ()


# -- the port


def test_no_host_leads_to_the_metrics(cast: Any) -> None:
    client = Client()
    for host in ("hq.localhost", "welding.localhost", "zhejiang.localhost", "localhost", "10.0.0.7"):
        for path in ("/metrics", "/metrics/", "/healthz/metrics", "/api/v1/metrics/"):
            answer = client.get(path, HTTP_HOST=host)
            assert answer.status_code == 404, (host, path)
            assert b"huilian_" not in answer.content


def test_none_is_opened_unless_told() -> None:
    assert (settings.METRICS_PORT, settings.METRICS_HOST) == (0, "127.0.0.1")
    assert exposing.expose(()) is None


def test_the_port_answers_one_thing(cast: Any, monkeypatch: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(settings, "METRICS_PORT", port)
    assert exposing.expose(figures.parts_of_web()) is not None
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    for _attempt in range(100):
        try:
            line.connect()
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    line.close()

    def ask(method: str, path: str) -> tuple[int, str]:
        line.request(method, path, headers={"Host": "anything"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()

    status, text = ask("GET", "/metrics")
    assert status == 200
    for name in ("huilian_http_requests_total", "huilian_border_lag_seconds", 'huilian_cases_open{age="under_1d"}'):
        assert name in text
    assert 'huilian_survey_failed{part="border"} 0.0' in text
    assert ask("GET", "/")[0] == 404
    assert ask("GET", "/console/")[0] == 404
    assert ask("POST", "/metrics")[0] == 501
    assert generate_latest(metrics.REGISTRY)
