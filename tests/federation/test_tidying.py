from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from federation import tidying
from federation.models import InboxMessage, OutboxMessage, UsedTicket

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=31), NOW - timedelta(days=29)


def outgoing(name: str, delivered_at: Any, occurred_at: Any = OLD) -> None:
    OutboxMessage.objects.create(
        receiver="100", type=name, subject="s", payload={}, occurred_at=occurred_at, delivered_at=delivered_at
    )


def incoming(name: str, sequence: Any, state: Any, handled_at: Any) -> None:
    InboxMessage.objects.create(
        message_id=uuid4(), sender="101", sequence=sequence, type=name, version=1, subject="s", payload={},
        occurred_at=OLD, received_at=OLD, state=state, handled_at=handled_at,
    )  # fmt: skip


def test_only_what_is_old_and_done_is_forgotten(in_welding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "CHUNK", 2)
    for name in ("to nobody 1", "to nobody 2", "to nobody 3"):
        outgoing(name, None)
    for name in ("1", "2", "3"):
        outgoing(name, OLD)
    outgoing("long on its way", YOUNG)
    outgoing("young", YOUNG, occurred_at=YOUNG)
    incoming("waiting", 1, "waiting", None)
    incoming("parked", 2, "parked", None)
    incoming("old", 3, "handled", OLD)
    incoming("young", 4, "handled", YOUNG)
    UsedTicket.objects.create(nonce="old", used_at=OLD)
    UsedTicket.objects.create(nonce="young", used_at=NOW - timedelta(days=7))

    assert tidying.forget_old(at=NOW) == 5

    assert set(OutboxMessage.objects.values_list("type", flat=True)) == {
        "to nobody 1",
        "to nobody 2",
        "to nobody 3",
        "long on its way",
        "young",
    }
    assert set(InboxMessage.objects.values_list("type", flat=True)) == {"waiting", "parked", "young"}
    assert list(UsedTicket.objects.values_list("nonce", flat=True)) == ["young"]
    assert tidying.forget_old(at=NOW) == 0
