"""Tasks name their society, and a long or lost queue finds its end."""

from collections.abc import Callable
from typing import Any

import pytest

from config.tasks import TASKS, for_every_society
from federation import relay, tasks
from kit.errors import Refusal
from tenants.context import current
from tenants.opening import resume_society, suspend_society
from tenants.postgresql.base import NoSociety
from tenants.tasks import in_society
from tests.federation.conftest import arrived, say, written
from tests.federation_fixture import Federation


@pytest.fixture(autouse=True)
def _notes(notes: Callable[..., None]) -> Any:
    return notes


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tasks that were queued, as (name, society), instead of the broker."""
    seen = []
    for task in (tasks.deliver, tasks.handle):
        monkeypatch.setattr(task, "apply_async", lambda args, name=task.name, **_: seen.append((name, *args)))
    return seen


@in_society
def where(society: str, word: str) -> tuple[str, str, str]:
    return society, current().schema_name, word


def test_a_task_acts_inside_the_society_it_names(cast: dict[str, Any], welding: Any) -> None:
    assert where(welding.schema_name, "here") == (welding.schema_name, welding.schema_name, "here")
    with pytest.raises(NoSociety):
        current()


def test_a_task_of_an_unknown_society_is_refused(cast: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        where("s_atlantis", "here")
    assert refused.value.code == "unknown_society"


def test_a_task_of_a_suspended_society_is_refused(cast: dict[str, Any], zhejiang: Any) -> None:
    suspend_society(zhejiang)
    try:
        with pytest.raises(Refusal) as refused:
            where(zhejiang.schema_name, "here")
        assert refused.value.code == "society_closed"
    finally:
        resume_society(zhejiang)
    assert where(zhejiang.schema_name, "here")[0] == zhejiang.schema_name


def test_delivering_wakes_those_who_were_written_to(federation: Federation, queued: list[Any]) -> None:
    say(federation.welding, federation.hq, "a")
    assert queued == [("federation.tasks.deliver", federation.welding.schema_name)]
    tasks.deliver(federation.welding.schema_name)
    assert queued[1:] == [("federation.tasks.handle", federation.hq.schema_name)]
    tasks.handle(federation.hq.schema_name)
    assert written(federation.hq) == ["101 a"]
    assert queued[2:] == []


def test_a_long_queue_is_handled_in_several_tasks(
    federation: Federation, queued: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "HANDLE_AT_ONCE", 2)
    say(federation.welding, federation.hq, "a", "b", "c")
    relay.deliver_all()
    queued.clear()
    tasks.handle(federation.hq.schema_name)
    assert written(federation.hq) == ["101 a", "101 b"]
    assert queued == [("federation.tasks.handle", federation.hq.schema_name)]
    tasks.handle(federation.hq.schema_name)
    assert written(federation.hq) == ["101 a", "101 b", "101 c"]
    assert len(queued) == 1


def test_the_sweep_picks_up_what_was_lost(federation: Federation, queued: list[Any]) -> None:
    say(federation.welding, federation.hq, "undelivered")
    say(federation.hq, federation.zhejiang, "unhandled")
    relay.deliver(federation.hq.schema_name)
    queued.clear()
    tasks.sweep()
    assert sorted(queued) == [
        ("federation.tasks.handle", federation.hq.schema_name),
        ("federation.tasks.handle", federation.zhejiang.schema_name),
    ]
    assert [m.payload["reason"] for m in arrived(federation.hq)] == ["undelivered"]


def test_the_sweep_leaves_a_suspended_society_alone(federation: Federation, queued: list[Any]) -> None:
    say(federation.hq, federation.zhejiang, "a")
    suspend_society(federation.zhejiang)
    queued.clear()
    try:
        tasks.sweep()
        assert [m.state for m in arrived(federation.zhejiang)] == ["waiting"]
        assert queued == []
    finally:
        resume_society(federation.zhejiang)


def test_nothing_to_do_wakes_nobody(federation: Federation, queued: list[Any]) -> None:
    tasks.sweep()
    assert queued == []


def test_a_kick_without_a_broker_is_only_logged(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_broker(*args: Any, **options: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.handle, "apply_async", no_broker)
    tasks.kick(tasks.handle, "s_hq")
    assert "federation.tasks.handle for s_hq was not queued: ConnectionRefusedError" in caplog.text


def test_beat_reaches_every_open_society(cast: dict[str, Any], zhejiang: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "clocks", ("federation.tasks.tidy",))
    seen = []
    monkeypatch.setattr(tasks.tidy, "apply_async", lambda args, **options: seen.append((*args, options["expires"])))
    suspend_society(zhejiang)
    try:
        for_every_society("clocks")
    finally:
        resume_society(zhejiang)
    assert sorted(seen) == [("s_hq", 900), ("s_welding", 900)]
