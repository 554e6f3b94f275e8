"""Short words for the border: say something, and see what arrived."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import transaction

from federation import reactions
from federation.contracts import DuesWithdrawn
from federation.models import InboxMessage, OutboxMessage, UsedTicket
from federation.outbox import publish
from federation.reactions import Party, Reaction
from tenants.context import inside
from tests.environment import DATABASE
from tests.federation import notebook


@pytest.fixture
def notes() -> Iterator[Callable[..., None]]:
    """Bind the notebook as the reaction to `dues.withdrawn`; call it to bind another function."""
    before = reactions._table

    def bind(function: str = "write", sender: Party = Party.ANY, receiver: Party = Party.ANY) -> None:
        name = f"tests.federation.notebook.{function}"
        reactions.bind({DuesWithdrawn.name: Reaction(name, sender=sender, receiver=receiver)})

    bind()
    notebook.obstacles.clear()
    notebook.at_once.clear()
    yield bind
    reactions.bind(before)


@pytest.fixture
def admin(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser in the suite's database, to be the fault."""
    with psycopg.connect(admin_url, dbname=DATABASE, autocommit=True) as connection:
        yield connection


def say(sender: Any, receiver: Any, *reasons: str, about: UUID | None = None) -> None:
    """Publish one message per reason, all in one transaction; about one subject, or each about its own."""
    with inside(sender), transaction.atomic():
        for reason in reasons:
            publish(DuesWithdrawn(application_id=about or uuid4(), reason=reason), to=receiver.number)


def arrived(society: Any) -> list[InboxMessage]:
    with inside(society):
        return list(InboxMessage.objects.order_by("id"))


def reasons(messages: list[InboxMessage]) -> list[str]:
    return [message.payload["reason"] for message in messages]


def written(society: Any) -> list[str]:
    """The traces of the notebook, in the order in which they were left."""
    with inside(society):
        return list(UsedTicket.objects.order_by("id").values_list("nonce", flat=True))


def sent(society: Any) -> list[OutboxMessage]:
    with inside(society):
        return list(OutboxMessage.objects.order_by("id"))
