"""The inbox: each message takes effect once and in order; what fails is parked and holds back its subject only."""

import logging
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from federation import inbox, relay
from federation.contracts import DuesWithdrawn
from federation.inbox import handle_waiting
from federation.models import InboxMessage, OutboxMessage, UsedTicket
from federation.queries import border_health, parked_messages
from federation.reactions import Party
from federation.replaying import replay_parked
from kit.errors import Refusal
from tenants.context import inside
from tests.federation import notebook
from tests.federation.conftest import arrived, say, sent, written
from tests.federation_fixture import Federation


@pytest.fixture(autouse=True)
def _notes(notes: Callable[..., None]) -> Any:
    return notes


def states(society: Any) -> Any:
    return [(m.payload["reason"], m.state) for m in arrived(society)]


def handle(society: Any, limit: int = 500) -> Any:
    with inside(society):
        return handle_waiting(limit)


def test_a_message_takes_effect_once(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a", "b")
    relay.deliver_all()
    assert handle(federation.hq) == 2
    assert handle(federation.hq) == 0
    assert written(federation.hq) == ["101 a", "101 b"]
    assert [(m.state, m.error) for m in arrived(federation.hq)] == [("handled", "")] * 2
    assert all(m.handled_at is not None for m in arrived(federation.hq))


def test_a_limit_is_kept(federation: Federation) -> None:
    say(federation.welding, federation.hq, *"abcde")
    relay.deliver_all()
    assert handle(federation.hq, limit=2) == 2
    assert written(federation.hq) == ["101 a", "101 b"]


def test_the_oldest_is_handled_first_wherever_it_lies(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a", "b", "c")
    relay.deliver_all()
    with inside(federation.hq), connection.cursor() as cursor:
        InboxMessage.objects.filter(payload__reason="a").update(error="moved to the end of the table")
        for kind in ("indexscan", "indexonlyscan", "bitmapscan"):
            cursor.execute(f"SET enable_{kind} = off")
        assert handle_waiting() == 3
        cursor.execute("RESET ALL")
    assert written(federation.hq) == ["101 a", "101 b", "101 c"]


def test_a_parked_message_holds_back_its_subject_only(federation: Federation) -> None:
    notebook.obstacles.add("refused")
    subject, other = uuid4(), uuid4()
    say(federation.welding, federation.hq, "before", "refused", "after", about=subject)
    say(federation.welding, federation.hq, "elsewhere", about=other)
    say(federation.zhejiang, federation.hq, "same subject, other sender", about=subject)
    federation.settle()
    assert sorted(states(federation.hq)) == [
        ("after", "waiting"),
        ("before", "handled"),
        ("elsewhere", "handled"),
        ("refused", "parked"),
        ("same subject, other sender", "handled"),
    ]
    say(federation.welding, federation.hq, "later still", about=subject)
    say(federation.zhejiang, federation.hq, "also later, other sender", about=subject)
    federation.settle()
    assert "101 later still" not in written(federation.hq)
    assert "201 also later, other sender" in written(federation.hq)
    with inside(federation.hq):
        health = border_health()
    assert (health.waiting, health.parked) == (2, 1)


def test_what_was_held_back_follows_in_its_old_order_when_the_parked_one_is_replayed(federation: Federation) -> None:
    notebook.obstacles.add("refused")
    say(federation.welding, federation.hq, "refused", "second", "third", about=uuid4())
    federation.settle()
    assert written(federation.hq) == []
    notebook.obstacles.clear()
    with inside(federation.hq):
        replay_parked(parked_messages().get().pk)
    federation.settle()
    assert written(federation.hq) == ["101 refused", "101 second", "101 third"]
    assert {m.error for m in arrived(federation.hq)} == {""}


def test_only_a_parked_message_is_replayed(federation: Federation) -> None:
    say(federation.welding, federation.hq, "a")
    federation.settle()
    with inside(federation.hq), pytest.raises(Refusal) as refused:
        replay_parked(InboxMessage.objects.get().pk)
    assert (refused.value.code, refused.value.status) == ("not_parked", 409)
    assert states(federation.hq) == [("a", "handled")]


@pytest.mark.parametrize(
    ("obstacle", "error"),
    [
        ("refused", "refused: Nothing doing with %(phone)s. (tests/federation/notebook.py:"),
        ("twice", "IntegrityError 23505 federation_usedticket federation_usedticket_nonce_key (tests/federation/"),
        ("broken", "ValueError (tests/federation/notebook.py:"),
    ],
)
def test_the_error_names_the_fault_and_no_person(
    federation: Federation, caplog: pytest.LogCaptureFixture, obstacle: str, error: str
) -> None:
    notebook.obstacles.add(obstacle)
    say(federation.welding, federation.hq, "a", obstacle, "b")
    federation.settle()
    assert written(federation.hq) == ["101 a", "101 b"]
    with inside(federation.hq):
        parked = parked_messages().get()
    assert parked.error.startswith(error)
    assert parked.attempts == 1
    assert error in caplog.text
    assert notebook.SECRET not in parked.error + caplog.text


def test_a_passing_fault_is_tried_again_and_nothing_overtakes(
    federation: Federation, admin: psycopg.Connection[Any]
) -> None:
    notebook.obstacles.add("locked")
    with inside(federation.hq):
        UsedTicket.objects.create(nonce="the lock", used_at="2026-01-01T00:00Z")
    say(federation.welding, federation.hq, "locked", "behind it", about=uuid4())
    say(federation.welding, federation.hq, "elsewhere")
    relay.deliver_all()
    table = Identifier(federation.hq.schema_name, "federation_usedticket")
    with admin.transaction():
        admin.execute(SQL("SELECT FROM {} WHERE nonce = 'the lock' FOR UPDATE").format(table))
        assert handle(federation.hq) == 1
        assert written(federation.hq) == ["the lock", "101 elsewhere"]
        [first, second, _elsewhere] = arrived(federation.hq)
        assert (first.state, first.attempts, second.state) == ("waiting", 1, "waiting")
        assert first.error.startswith("OperationalError 55P03")
    notebook.obstacles.clear()
    assert handle(federation.hq) == 2
    assert written(federation.hq) == ["the lock", "101 elsewhere", "101 locked", "101 behind it"]


def test_a_fault_that_does_not_pass_is_parked_in_the_end(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, admin: psycopg.Connection[Any]
) -> None:
    monkeypatch.setattr(inbox, "MAX_ATTEMPTS", 3)
    notebook.obstacles.add("locked")
    with inside(federation.hq):
        UsedTicket.objects.create(nonce="the lock", used_at="2026-01-01T00:00Z")
    say(federation.welding, federation.hq, "locked")
    relay.deliver_all()
    table = Identifier(federation.hq.schema_name, "federation_usedticket")
    with admin.transaction():
        admin.execute(SQL("SELECT FROM {} WHERE nonce = 'the lock' FOR UPDATE").format(table))
        for attempts, state in ((1, "waiting"), (2, "waiting"), (3, "parked")):
            assert handle(federation.hq) == 0
            assert [(m.attempts, m.state) for m in arrived(federation.hq)] == [(attempts, state)]


def test_killed_between_effect_and_mark_neither_has_happened(federation: Federation) -> None:
    notebook.obstacles.add("killed")
    say(federation.welding, federation.hq, "before", "killed", "after")
    relay.deliver_all()
    assert handle(federation.hq) == 2
    assert written(federation.hq) == ["101 before", "101 after"]
    assert states(federation.hq) == [("before", "handled"), ("killed", "waiting"), ("after", "handled")]
    notebook.obstacles.clear()
    assert handle(federation.hq) == 1
    assert written(federation.hq) == ["101 before", "101 after", "101 killed"]


def test_many_handlers_at_once_take_turns(federation: Federation) -> None:
    for start in range(0, 300, 50):
        say(federation.welding, federation.hq, *map(str, range(start, start + 50)))
    relay.deliver_all()
    counts = []

    def work() -> None:
        for _ in range(20):
            counts.append(handle(federation.hq, limit=40))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) + handle(federation.hq) == 300
    assert written(federation.hq) == [f"101 {n}" for n in range(300)]
    assert {m.state for m in arrived(federation.hq)} == {"handled"}


def test_a_message_handled_elsewhere_between_batch_and_single_is_left_alone(
    federation: Federation, notes: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """The batch fails, and before its messages are taken one by one another handler comes by."""
    notes("echo")
    notebook.obstacles.add("refused")
    say(federation.welding, federation.hq, "a", "refused", "b")
    relay.deliver_all()
    done: list[int] = []

    def other() -> None:
        logger.removeHandler(between)
        notebook.obstacles.clear()
        done.append(handle(federation.hq))
        connection.close()

    class Between(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()

    logger, between = logging.getLogger("federation.inbox"), Between(logging.INFO)
    caplog.set_level(logging.INFO, logger="federation.inbox")
    logger.addHandler(between)
    try:
        assert handle(federation.hq) == 0
    finally:
        logger.removeHandler(between)
    assert done == [3]
    assert [m.payload["reason"] for m in sent(federation.hq)] == ["a", "refused", "b"]
    assert {(m.state, m.attempts) for m in arrived(federation.hq)} == {("handled", 0)}


def test_while_one_handler_is_at_work_another_leaves_at_once(
    federation: Federation, admin: psycopg.Connection[Any]
) -> None:
    say(federation.welding, federation.hq, "a")
    federation.settle()
    say(federation.welding, federation.hq, "b")
    relay.deliver_all()
    with admin.transaction():
        head = Identifier(federation.hq.schema_name, "federation_inboxhead")
        admin.execute(SQL("SELECT FROM {} FOR UPDATE").format(head))
        assert handle(federation.hq) == 0
    assert handle(federation.hq) == 1


def test_the_very_first_handlers_do_not_wait_for_each_other_either(
    federation: Federation, notes: Callable[..., None]
) -> None:
    """The row to be locked is not there yet; a second handler comes while the first is in its transaction."""
    notes("call")
    say(federation.welding, federation.hq, "a")
    relay.deliver_all()
    counts = []

    def second() -> None:
        counts.append(handle(federation.hq))
        connection.close()

    def in_the_middle() -> None:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=5)
        counts.append("in time" if not thread.is_alive() else "too late")

    notebook.calls.append(in_the_middle)
    assert handle(federation.hq) == 1
    assert counts == [0, "in time"]


def test_what_a_handler_says_travels_on(federation: Federation, notes: Callable[..., None]) -> None:
    notes("answer")
    say(federation.welding, federation.hq, "5", about=uuid4())
    federation.settle()
    assert written(federation.hq) == ["101 5", "101 3", "101 1"]
    assert written(federation.welding) == ["100 4", "100 2", "100 0"]


def test_what_a_failing_handler_said_was_never_said(federation: Federation, notes: Callable[..., None]) -> None:
    notes("answer")
    say(federation.welding, federation.hq, "7", "not a number")
    relay.deliver_all()
    assert handle(federation.hq) == 1
    with inside(federation.hq):
        assert [m.payload["reason"] for m in OutboxMessage.objects.all()] == ["6"]


def test_messages_of_one_type_may_be_taken_together(federation: Federation, notes: Callable[..., None]) -> None:
    notes("gather")
    say(federation.welding, federation.hq, *map(str, range(300)))
    federation.settle()
    assert notebook.at_once == [250, 50]
    assert written(federation.hq) == [f"101 {n}" for n in range(300)]


def test_one_that_fails_among_many_is_found(federation: Federation, notes: Callable[..., None]) -> None:
    notes("gather")
    notebook.obstacles.add("refused")
    say(federation.welding, federation.hq, "1", "2", "refused", "4")
    federation.settle()
    assert written(federation.hq) == ["101 1", "101 2", "101 4"]
    assert states(federation.hq)[2] == ("refused", "parked")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"type": "tea.served"}, "no_reaction: Nobody here reacts to messages of this type."),
        ({"version": 9}, "dues.withdrawn is read here in version 1, not 9"),
        ({"payload": {"reason": "x"}}, "dues.withdrawn has another shape than agreed: Object missing required"),
        ({"payload": ["x"]}, "dues.withdrawn has another shape than agreed: Expected `object`, got `array`"),
    ],
)
def test_what_cannot_be_read_is_parked_and_says_why(federation: Federation, change: dict[str, Any], error: str) -> None:
    say(federation.welding, federation.hq, "odd", "fine")
    with inside(federation.welding):
        OutboxMessage.objects.filter(payload__reason="odd").update(**change)
    federation.settle()
    assert written(federation.hq) == ["101 fine"]
    with inside(federation.hq):
        assert parked_messages().get().error.startswith(error)


@pytest.mark.parametrize(("sender", "receiver"), [(Party.HEADQUARTERS, Party.ANY), (Party.ANY, Party.PAYEE)])
def test_a_message_that_is_not_the_senders_to_say_has_no_effect(
    federation: Federation, notes: Callable[..., None], sender: Party, receiver: Party
) -> None:
    notes("write", sender=sender, receiver=receiver)
    say(federation.zhejiang, federation.welding, "I am headquarters, believe me")
    federation.settle()
    assert written(federation.welding) == []
    assert arrived(federation.welding)[0].error.startswith("not_theirs_to_say: ")
    say(federation.hq, federation.zhejiang, "so am I")
    federation.settle()
    assert written(federation.zhejiang) == ["100 so am I"]


def test_without_permission_to_commit_nothing_is_handled(in_hq: Any) -> None:
    """Inside somebody's transaction the inbox still works, and shares its fate."""
    InboxMessage.objects.create(
        message_id=uuid4(),
        sender="101",
        sequence=1,
        type=DuesWithdrawn.name,
        version=1,
        subject="application:x",
        payload={"application_id": str(uuid4()), "reason": "a"},
        occurred_at="2026-01-01T00:00Z",
        received_at="2026-01-01T00:00Z",
    )
    with transaction.atomic():
        assert handle_waiting() == 1
        transaction.set_rollback(True)
    assert InboxMessage.objects.get().state == "waiting"
    assert not UsedTicket.objects.exists()
