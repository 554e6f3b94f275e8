from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from federation import relay, tasks
from federation.contracts import DuesWithdrawn
from federation.inbox import handle_waiting
from federation.models import OutboxMessage
from federation.outbox import publish
from kit.errors import Refusal
from tenants import registry
from tenants.context import inside
from tests.federation.conftest import say, sent, written
from tests.federation_fixture import Federation

WORD = DuesWithdrawn(application_id=uuid4(), reason="withdrawn")


@pytest.fixture
def kicks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tasks that would have been queued."""
    seen = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda args, **options: seen.append((args, options)))
    return seen


def test_a_message_is_a_row_of_the_callers_transaction(federation: Federation) -> None:
    with inside(federation.welding), transaction.atomic():
        publish(WORD, to="100")
    with inside(federation.welding):
        [row] = OutboxMessage.objects.all()
    assert (row.receiver, row.type, row.version) == ("100", "dues.withdrawn", 1)
    assert row.subject == f"application:{WORD.application_id}"
    assert row.payload == {"application_id": str(WORD.application_id), "reason": "withdrawn"}
    assert row.sequence is None and row.delivered_at is None


def test_rolled_back_nothing_was_said(federation: Federation, kicks: list[Any]) -> None:
    with inside(federation.welding):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            publish(WORD, to="100")
            raise ZeroDivisionError
        assert not OutboxMessage.objects.exists()
    assert kicks == []


def test_no_message_without_a_transaction(federation: Federation) -> None:
    with inside(federation.welding), pytest.raises(RuntimeError, match=r"dues\.withdrawn must be published in"):
        publish(WORD, to="100")


def test_no_message_to_nobody(in_welding: Any) -> None:
    with pytest.raises(Refusal) as refused:
        publish(WORD, to="999")
    assert refused.value.code == "unknown_society"
    assert not OutboxMessage.objects.exists()


def test_a_society_opened_elsewhere_a_moment_ago_is_found(federation: Federation, notes: Callable[..., None]) -> None:
    """Neither its address nor its first message is turned away by a street map that is older than it."""

    def look_at_an_old_map() -> None:
        today = registry.street_map()
        by_number = {number: society for number, society in today.by_number.items() if number != "201"}
        registry._map = replace(today, by_number=by_number)

    say(federation.zhejiang, federation.hq, "from the new one")
    relay.deliver_all()
    try:
        look_at_an_old_map()
        say(federation.hq, federation.zhejiang, "to the new one")
        assert sent(federation.hq)[0].receiver == "201"
        look_at_an_old_map()
        with inside(federation.hq):
            assert handle_waiting() == 1
    finally:
        registry.forget()
    assert written(federation.hq) == ["201 from the new one"]


def test_the_relay_is_woken_once_per_transaction_and_after_it(federation: Federation, kicks: list[Any]) -> None:
    with inside(federation.welding):
        with transaction.atomic():
            publish(WORD, to="100")
            publish(WORD, to="201")
            with transaction.atomic():
                publish(WORD, to="100")
            assert kicks == []
        assert [args for args, _ in kicks] == [(federation.welding.schema_name,)]


def test_a_savepoint_rolled_back_takes_only_its_own_wake_up_along(federation: Federation, kicks: list[Any]) -> None:
    with inside(federation.welding):
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                publish(WORD, to="100")
                raise ZeroDivisionError
            publish(WORD, to="201")
        assert [args for args, _ in kicks] == [(federation.welding.schema_name,)]
        assert OutboxMessage.objects.get().receiver == "201"


def test_without_a_broker_the_change_is_made_and_the_sweep_delivers(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, notes: Callable[..., None]
) -> None:
    def no_broker(*args: Any, **options: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.deliver, "apply_async", no_broker)
    with inside(federation.welding), transaction.atomic():
        publish(WORD, to="100")
    tasks.sweep()
    with inside(federation.welding):
        assert OutboxMessage.objects.get().delivered_at is not None
