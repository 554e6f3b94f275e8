"""Cache, tasks, threads and callbacks stay in the society they were meant for, or fail; they never find another one."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from config.celery import app
from huilian.accounts.models import User
from kit.errors import Refusal
from tenants import registry
from tenants.context import current, inside, on_commit
from tenants.models import Society
from tenants.postgresql.base import CrossedBorder, NoSociety
from tenants.tasks import in_society
from tests.federation_fixture import Federation

# Tasks of the whole federation: they take no society, or act as the relay, which may read no tables but its own.
FEDERAL = {
    "federation.tasks.deliver",
    "federation.tasks.sweep",
    "config.tasks.for_every_society",
    "config.tasks.reconcile_nightly",
    "config.orders.carry_out",
    "config.orders.sweep",
}
NO_SOCIETY = ("public", "template_society", "template_hq", "s_nobody", "", "s_welding; drop schema s_zhejiang", "101")


def ours() -> dict[str, Any]:
    """Every task that this project registers, found and not listed."""
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))}


def society_tasks() -> list[str]:
    return sorted(ours().keys() - FEDERAL)


def test_every_task_is_of_one_society_or_declared_federal() -> None:
    assert ours().keys() >= FEDERAL
    assert len(society_tasks()) >= 6
    for name in society_tasks():
        assert hasattr(ours()[name].run, "__wrapped__"), f"{name} does not enter a society (tenants.tasks.in_society)"


@pytest.mark.parametrize("schema", NO_SOCIETY)
def test_a_task_with_a_wrong_society_does_nothing(federation: Federation, schema: str) -> None:
    for name in society_tasks():
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        with pytest.raises(Refusal) as refused:
            ours()[name].run(schema)
        assert refused.value.code == "unknown_society", name
    with pytest.raises(Refusal) as refused:
        ours()["federation.tasks.deliver"].run(schema)
    assert refused.value.code == "unknown_society"


def test_a_task_without_a_society_does_nothing(federation: Federation) -> None:
    for name in society_tasks():
        with pytest.raises(TypeError):
            ours()[name].run()


def test_a_task_of_a_suspended_society_does_nothing(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.street_map().by_schema["s_welding"], "state", Society.State.SUSPENDED)
    for name in society_tasks():
        with pytest.raises(Refusal) as refused:
            ours()[name].run("s_welding")
        assert refused.value.code == "society_closed", name


def test_a_task_acts_in_the_society_it_names(federation: Federation) -> None:
    """Asked for from within Zhejiang, it works in Welding, and Zhejiang is where one is afterwards."""
    seen: list[str] = []

    @in_society
    def look(society: str) -> None:
        seen.append(f"{society} {current().schema_name} {_login()}")

    with inside(federation.zhejiang):
        look("s_welding")
        assert current().schema_name == "s_zhejiang"
        assert _login().endswith("_s_zhejiang")
    assert seen[0].startswith("s_welding s_welding ") and seen[0].endswith("_s_welding")


def test_the_same_cache_key_is_another_entry(federation: Federation) -> None:
    with inside(federation.zhejiang):
        cache.set("secret", "Zhejiang's")
        cache.set_many({"a": 1})
        cache.add("counter", 7)
    with inside(federation.welding):
        assert cache.get("secret") is None
        assert cache.get_many(["secret", "a"]) == {}
        assert not cache.touch("secret")
        assert not cache.delete("secret")
        with pytest.raises(ValueError):
            cache.incr("counter")
        cache.set("secret", "Welding's")
    with inside(federation.zhejiang):
        assert (cache.get("secret"), cache.get("counter")) == ("Zhejiang's", 7)
        for key in ("secret", "a", "counter"):
            cache.delete(key)


def test_a_thread_begins_in_no_society(federation: Federation) -> None:
    """Started in the middle of Zhejiang's work, it must say itself where it acts, or gets no connection."""
    found: dict[str, object] = {}

    def work() -> None:
        found["asked"] = _outcome(current)
        found["read"] = _outcome(lambda: User.objects.count())
        with inside(federation.welding):
            found["welding"] = _login()
        found["afterwards"] = _outcome(lambda: User.objects.count())
        connection.close()

    with inside(federation.zhejiang):
        User.objects.count()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert _login().endswith("_s_zhejiang")
    assert str(found.pop("welding")).endswith("_s_welding")
    assert found == {"asked": NoSociety, "read": NoSociety, "afterwards": NoSociety}


def test_two_threads_do_not_mix(federation: Federation) -> None:
    """Interleaved at every step, each stays where it is."""
    turn = threading.Barrier(2, timeout=30)
    seen: dict[str, set[str]] = {}

    def work(society: Any) -> None:
        with inside(society):
            logins = seen.setdefault(society.schema_name, set())
            for _round in range(20):
                turn.wait()
                logins.add(_login().rpartition("_s_")[2])
                turn.wait()
                assert current().schema_name == society.schema_name
        connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in (federation.zhejiang, federation.welding)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"s_zhejiang": {"zhejiang"}, "s_welding": {"welding"}}


def test_after_the_commit_one_is_still_in_the_society(federation: Federation) -> None:
    seen: list[str] = []
    with inside(federation.zhejiang):
        with transaction.atomic():
            on_commit(lambda: seen.append(_login()))
            on_commit(_fail)
            with transaction.atomic():
                on_commit(lambda: seen.append(f"{current().schema_name} {_login()}"))
            assert seen == []
        assert current().schema_name == "s_zhejiang"
    assert [each.rpartition("_s_")[2] for each in seen] == ["zhejiang", "zhejiang"]
    with inside(federation.welding):
        assert _login().endswith("_s_welding")


def test_no_other_society_in_the_middle_of_a_transaction(federation: Federation) -> None:
    with inside(federation.zhejiang), transaction.atomic():
        User.objects.create_user(name="李明")
        with pytest.raises(CrossedBorder), inside(federation.welding):
            raise AssertionError("turned to another society within a transaction")
        assert User.objects.count() == 1
        transaction.set_rollback(True)


def _login() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select session_user")
        return str(cursor.fetchone()[0])


def _outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except Exception as error:
        return type(error)


def _fail() -> None:
    raise RuntimeError("one callback that fails does not keep the next from running")
