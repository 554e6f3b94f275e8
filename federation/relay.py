"""The carrier: takes messages from outboxes to inboxes, in order per pair, safe to run many times at once."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.sql import SQL

from federation import relay_sql as say
from federation.relay_login import relay_connection
from kit import clock
from tenants import registry
from tenants.context import society_of_schema
from tenants.models import Society

log = logging.getLogger(__name__)

BATCH = 2000  # messages of one pair in one transaction
SOCIETIES_A_QUERY = 50


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one society's border is behind: numbers and ages only."""

    society: str
    undelivered: int
    undelivered_since: datetime | None
    waiting: int
    waiting_since: datetime | None
    parked: int


def deliver(schema: str) -> int:
    """Deliver what this society wrote; returns how many messages moved."""
    return carry(schema).total()


def deliver_all() -> Counter[str]:
    """Deliver what any society wrote; the count per receiver's number."""
    carried: Counter[str] = Counter()
    for schema in senders_waiting():
        carried += carry(schema)
    return carried


def carry(schema: str) -> Counter[str]:
    """Deliver what this society wrote until nothing is left; the count per receiver's number.

    Each look for more comes after a lock was given back: whoever skipped a pair because it was locked here
    may rely on its messages being seen by this loop.
    """
    sender = society_of_schema(schema)
    carried: Counter[str] = Counter()
    passed_over: set[str] = set()
    while waiting := _receivers(sender, passed_over):
        for receiver in waiting:
            moved = _carry_batch(sender, receiver)
            if moved is None:
                passed_over.add(receiver.number)
            else:
                carried[receiver.number] += moved
    _report_stranded(sender)
    return +carried


def senders_waiting() -> list[str]:
    """Schemas whose outbox holds something that can be delivered."""
    return [row[0] for row in _ask_all(say.SENDS, numbers=sorted(_addressees()))]


def receivers_waiting() -> list[str]:
    """Schemas whose inbox holds something to handle."""
    return [row[0] for row in _ask_all(say.WAITS)]


def survey() -> list[Lag]:
    """Each society's lag, by number."""
    number_of = {schema: society.number for schema, society in registry.street_map().by_schema.items()}
    lags = (Lag(number_of[schema], *numbers) for schema, *numbers in _ask_all(say.SURVEY))
    return sorted(lags, key=lambda lag: lag.society)


def _addressees() -> dict[str, Society]:
    """Who has an inbox. A suspended society receives, and handles when it is resumed."""
    return {
        number: society
        for number, society in registry.street_map().by_number.items()
        if society.state != Society.State.OPENING
    }


def _receivers(sender: Society, passed_over: set[str]) -> list[Society]:
    addressees = _addressees()
    statement = say.between(say.RECEIVERS, sender=sender.schema_name, receiver=sender.schema_name)
    rows = relay_connection().execute(statement, {"numbers": sorted(addressees.keys() - passed_over)})
    return [addressees[row[0]] for row in rows]


def _carry_batch(sender: Society, receiver: Society) -> int | None:
    """Move one batch between one pair; None if another relay is at it, or the way is barred."""
    connection = relay_connection()
    facts: dict[str, Any] = {"sender": sender.number, "receiver": receiver.number, "limit": BATCH}

    def run(statement: SQL, **more: Any) -> Any:
        text = say.between(statement, sender=sender.schema_name, receiver=receiver.schema_name)
        row = connection.execute(text, facts | more).fetchone()
        return None if row is None else row[0]

    def carry_locked() -> int | None:
        with connection.transaction():
            given = run(say.LOCK_PAIR)
            if given is None:
                return None
            base = max(given, run(say.LAST_RECEIVED))
            moved: int = run(say.CARRY, base=base, at=clock.now())
            return moved

    try:
        moved = carry_locked()
        if moved is None and run(say.NEW_PAIR):
            moved = carry_locked()
        return moved
    except psycopg.Error as error:
        if connection.closed:
            raise
        log.error("nothing carried from %s to %s: %s", sender.number, receiver.number, error.sqlstate)
        return None


def _report_stranded(sender: Society) -> None:
    statement = say.between(say.STRANDED, sender=sender.schema_name, receiver=sender.schema_name)
    known = sorted(registry.street_map().by_number)
    for (number,) in relay_connection().execute(statement, {"numbers": known}):
        log.error("%s writes to %s, which does not exist: its messages stay undelivered", sender.number, number)


def _ask_all(statement: SQL, **facts: Any) -> Iterator[tuple[Any, ...]]:
    """Ask all societies, many in one query; one whose tables cannot be read is named, the others answer."""
    schemas = sorted(s.schema_name for s in _addressees().values())
    for first in range(0, len(schemas), SOCIETIES_A_QUERY):
        some = schemas[first : first + SOCIETIES_A_QUERY]
        try:
            yield from _ask(statement, some, facts)
        except psycopg.Error:
            for schema in some:
                try:
                    yield from _ask(statement, [schema], facts)
                except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege) as error:
                    log.error("the border of %s cannot be read: %s", schema, error.sqlstate)


def _ask(statement: SQL, schemas: list[str], facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    return relay_connection().execute(say.over(statement, schemas), facts).fetchall()
