"""The relay: each message once, in order per pair, whoever else is at work and whatever breaks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from federation import relay
from federation.models import OutboxHead, OutboxMessage
from federation.queries import border_health, federation_health
from federation.relay_login import close_relay_connection, relay_connection
from tenants.context import inside
from tenants.opening import resume_society, suspend_society
from tests.federation.conftest import arrived, reasons, say, sent, written
from tests.federation_fixture import Federation


@pytest.fixture(autouse=True)
def _notes(notes: Callable[..., None]) -> Any:
    return notes


def test_messages_arrive_in_order_with_a_sequence_per_pair(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a", "b")
    say(federation.welding, federation.zhejiang, "c")
    say(federation.welding, federation.hq, "d")
    say(federation.zhejiang, federation.hq, "e")
    assert relay.deliver(federation.welding.schema_name) == 4
    at_hq = arrived(federation.hq)
    assert [(m.sender, m.sequence, m.payload["reason"]) for m in at_hq] == [
        ("101", 1, "a"),
        ("101", 2, "b"),
        ("101", 3, "d"),
    ]
    assert [(m.sequence, m.state) for m in arrived(federation.zhejiang)] == [(1, "waiting")]
    originals = sent(federation.welding)
    assert [m.message_id for m in originals if m.receiver == "100"] == [m.message_id for m in at_hq]
    assert all(m.delivered_at is not None for m in originals)
    assert [m.occurred_at for m in originals if m.receiver == "100"] == [m.occurred_at for m in at_hq]


def test_delivering_again_moves_nothing(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a")
    assert relay.deliver_all() == {"100": 1}
    assert relay.deliver_all() == {}
    assert reasons(arrived(federation.hq)) == ["a"]


def test_a_society_may_write_to_itself(federation: Federation) -> None:
    say(federation.hq, federation.hq, "a")
    federation.settle()
    assert written(federation.hq) == ["100 a"]


def test_more_than_one_batch(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "BATCH", 3)
    say(federation.welding, federation.hq, *"abcdefgh")
    assert relay.deliver(federation.welding.schema_name) == 8
    assert reasons(arrived(federation.hq)) == list("abcdefgh")
    assert [m.sequence for m in arrived(federation.hq)] == list(range(1, 9))


def test_many_relays_and_writers_at_once(federation: Federation) -> None:
    writing = threading.Event()
    failures = []

    def write(name: str) -> None:
        for index in range(60):
            say(federation.welding, federation.hq, f"{name}{index}")
            say(federation.welding, federation.zhejiang, f"{name}{index}")

    def carry() -> None:
        while True:
            last_round = writing.is_set()
            relay.deliver(federation.welding.schema_name)
            if last_round:
                return

    def guarded(work: Any, *args: Any) -> None:
        try:
            work(*args)
        except Exception as error:
            failures.append(error)
        finally:
            close_relay_connection()
            connection.close()

    writers = [threading.Thread(target=guarded, args=(write, name)) for name in "AB"]
    carriers = [threading.Thread(target=guarded, args=(carry,)) for _ in range(3)]
    for thread in writers + carriers:
        thread.start()
    for thread in writers:
        thread.join()
    writing.set()
    for thread in carriers:
        thread.join()

    assert failures == []
    for receiver in (federation.hq, federation.zhejiang):
        messages = arrived(receiver)
        assert [m.sequence for m in messages] == list(range(1, 121))
        for name in "AB":
            assert [r for r in reasons(messages) if r.startswith(name)] == [f"{name}{i}" for i in range(60)]


def test_a_pair_in_other_hands_is_passed_over(
    federation: Federation, admin: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    say(federation.welding, federation.hq, "a")
    relay.deliver_all()
    say(federation.welding, federation.hq, "b")
    say(federation.welding, federation.zhejiang, "c")
    with admin.transaction():
        head = SQL("SELECT FROM {} WHERE receiver = '100' FOR UPDATE")
        admin.execute(head.format(Identifier(federation.welding.schema_name, "federation_outboxhead")))
        assert relay.carry(federation.welding.schema_name) == {"201": 1}
    assert caplog.text == ""
    assert relay.carry(federation.welding.schema_name) == {"100": 1}
    assert [(m.sequence, m.payload["reason"]) for m in arrived(federation.hq)] == [(1, "a"), (2, "b")]


class HeldUp:
    """A relay in a thread, holding a batch of `sender` before the closed door of `receiver`'s inbox."""

    def __init__(self, admin: psycopg.Connection[Any]) -> None:
        self.admin = admin
        self.pid: int | None = None
        self.end: Any = None  # what it carried, or what it died of

    @contextmanager
    def between(self, sender: Any, receiver: Any) -> Iterator[None]:
        thread = threading.Thread(target=self._carry, args=(sender.schema_name,))
        with self.admin.transaction():
            inbox = Identifier(receiver.schema_name, "federation_inboxmessage")
            self.admin.execute(SQL("LOCK TABLE {} IN SHARE MODE").format(inbox))
            thread.start()
            waiting = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted"
            while self.admin.execute(waiting, (self.pid,)).fetchone() is None:
                time.sleep(0.01)
            yield
        thread.join()

    def _carry(self, schema: str) -> None:
        self.pid = relay_connection().info.backend_pid
        try:
            self.end = relay.carry(schema)
        except psycopg.OperationalError as error:
            self.end = error
        finally:
            close_relay_connection()


@pytest.fixture
def held_up(admin: psycopg.Connection[Any]) -> HeldUp:
    return HeldUp(admin)


def test_while_one_relay_holds_a_pair_another_goes_on_with_the_rest(
    federation: Federation, held_up: HeldUp, caplog: pytest.LogCaptureFixture
) -> None:
    say(federation.welding, federation.hq, "a")
    with held_up.between(federation.welding, federation.hq):
        say(federation.welding, federation.hq, "b")
        say(federation.welding, federation.zhejiang, "c")
        assert relay.carry(federation.welding.schema_name) == {"201": 1}
    assert caplog.text == ""
    # What the other one was woken for and had to leave, the first one saw when it looked again.
    assert held_up.end == {"100": 2}
    assert [(m.sequence, m.payload["reason"]) for m in arrived(federation.hq)] == [(1, "a"), (2, "b")]


def test_killed_in_the_middle_of_a_batch_nothing_has_happened(
    federation: Federation, held_up: HeldUp, admin: psycopg.Connection[Any]
) -> None:
    say(federation.welding, federation.hq, "a", "b")
    with held_up.between(federation.welding, federation.hq):
        admin.execute("SELECT pg_terminate_backend(%s)", (held_up.pid,))
    assert isinstance(held_up.end, psycopg.OperationalError)
    assert arrived(federation.hq) == []
    assert [(m.sequence, m.delivered_at) for m in sent(federation.welding)] == [(None, None)] * 2
    federation.settle()
    assert [(m.sequence, m.payload["reason"]) for m in arrived(federation.hq)] == [(1, "a"), (2, "b")]
    assert written(federation.hq) == ["101 a", "101 b"]


def test_a_dead_connection_is_replaced(federation: Federation, admin: psycopg.Connection[Any]) -> None:
    say(federation.welding, federation.hq, "a")
    admin.execute("SELECT pg_terminate_backend(%s)", (relay_connection().info.backend_pid,))
    with pytest.raises(psycopg.OperationalError):
        relay.deliver(federation.welding.schema_name)
    assert relay.deliver(federation.welding.schema_name) == 1


def test_the_sweep_outlives_its_connection(federation: Federation, admin: psycopg.Connection[Any]) -> None:
    say(federation.welding, federation.hq, "a")
    admin.execute("SELECT pg_terminate_backend(%s)", (relay_connection().info.backend_pid,))
    assert relay.deliver_all() == {"100": 1}


def test_a_sender_restored_from_a_backup_repeats_nothing_and_counts_on(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a", "b")
    federation.settle()
    with inside(federation.welding):
        OutboxMessage.objects.update(sequence=None, delivered_at=None)
        OutboxHead.objects.all().delete()
    say(federation.welding, federation.hq, "c")
    federation.settle()
    assert reasons(arrived(federation.hq)) == ["a", "b", "c"]
    assert written(federation.hq) == ["101 a", "101 b", "101 c"]
    sequences = [m.sequence for m in arrived(federation.hq)]
    assert sequences == sorted(set(sequences))


def test_what_a_sender_lost_in_a_restore_does_not_block_what_it_says_next(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a")
    federation.settle()
    say(federation.welding, federation.hq, "forgotten by the sender")
    federation.settle()
    with inside(federation.welding):
        OutboxMessage.objects.latest("id").delete()
        OutboxHead.objects.update(sequence=1)
    say(federation.welding, federation.hq, "b")
    federation.settle()
    assert [(m.sequence, m.payload["reason"]) for m in arrived(federation.hq)] == [
        (1, "a"),
        (2, "forgotten by the sender"),
        (3, "b"),
    ]


def test_a_message_to_nobody_stays_visible_and_stops_no_other(
    federation: Federation, caplog: pytest.LogCaptureFixture
) -> None:
    say(federation.welding, federation.hq, "a", "b")
    with inside(federation.welding):
        OutboxMessage.objects.filter(pk=OutboxMessage.objects.earliest("id").pk).update(receiver="999")
    assert relay.deliver(federation.welding.schema_name) == 1
    assert reasons(arrived(federation.hq)) == ["b"]
    assert "101 writes to 999, which does not exist" in caplog.text
    with inside(federation.welding):
        health = border_health()
    assert (health.undelivered, health.undeliverable) == (1, 1)


def test_a_suspended_society_receives_and_handles_when_it_is_resumed(federation: Federation) -> None:
    say(federation.welding, federation.zhejiang, "a")
    suspend_society(federation.zhejiang)
    try:
        federation.settle()
        assert [m.state for m in arrived(federation.zhejiang)] == ["waiting"]
    finally:
        resume_society(federation.zhejiang)
    federation.settle()
    assert written(federation.zhejiang) == ["101 a"]


def test_a_barred_way_stops_no_other(
    federation: Federation, admin: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    say(federation.welding, federation.hq, "a")
    say(federation.zhejiang, federation.hq, "b")
    role = relay_connection().info.user
    outbox = Identifier(federation.welding.schema_name, "federation_outboxmessage")
    admin.execute(SQL("REVOKE SELECT ON {} FROM {}").format(outbox, Identifier(role)))
    try:
        assert relay.deliver_all() == {"100": 1}
    finally:
        admin.execute(SQL("GRANT SELECT ON {} TO {}").format(outbox, Identifier(role)))
    assert f"the border of {federation.welding.schema_name} cannot be read: 42501" in caplog.text
    assert relay.deliver_all() == {"100": 1}
    assert reasons(arrived(federation.hq)) == ["b", "a"]


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT FROM {schema}.members_member",
        "SELECT FROM {schema}.accounts_user",
        "DELETE FROM {schema}.federation_outboxmessage",
        "UPDATE {schema}.federation_outboxmessage SET payload = '{{}}'",
        "UPDATE {schema}.federation_outboxmessage SET receiver = '100'",
        "INSERT INTO {schema}.federation_outboxmessage DEFAULT VALUES",
        "UPDATE {schema}.federation_inboxmessage SET state = 'handled'",
        "DELETE FROM {schema}.federation_inboxmessage",
        "CREATE TABLE {schema}.mine (id int)",
    ],
)
def test_the_relays_login_can_do_nothing_else(federation: Federation, attack: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        relay_connection().execute(attack.format(schema=federation.welding.schema_name).encode())


def test_lag_is_seen_from_inside_and_from_above(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a", "b")
    relay.deliver_all()
    say(federation.welding, federation.hq, "c")
    with inside(federation.welding):
        mine = border_health()
    assert (mine.undelivered, mine.waiting, mine.parked) == (1, 0, 0)
    [word] = [m for m in sent(federation.welding) if m.delivered_at is None]
    assert mine.undelivered_since == word.occurred_at
    lags = {lag.society: lag for lag in federation_health()}
    assert list(lags) == ["100", "101", "201"]
    assert (lags["101"].undelivered, lags["101"].undelivered_since) == (1, word.occurred_at)
    assert (lags["100"].waiting, lags["100"].waiting_since) == (2, arrived(federation.hq)[0].received_at)
    assert (lags["201"].undelivered, lags["201"].waiting, lags["201"].parked) == (0, 0, 0)


def test_the_sweep_asks_a_constant_number_of_questions(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ask(*question: Any) -> list[Any]:
        asked.append(question)
        return []

    monkeypatch.setattr(relay, "_ask", ask)
    relay.deliver_all()
    assert relay.receivers_waiting() == []
    assert len(asked) == 2
