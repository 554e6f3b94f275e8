"""The migration that begins the history: what it makes of rows from before is what the program would make of them."""

import dataclasses
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import psycopg
from django.db import transaction
from django.db.migrations import RunSQL
from psycopg.sql import SQL, Identifier

from federation.ledger.projecting import APPLICATIONS, FEES, MEMBERS
from tests.environment import DATABASE
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import application, fee, member
from tests.ledger.test_remembering import changed

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)  # the second at headquarters
EARLIER = datetime(2026, 2, 1, 17, tzinfo=UTC)
CHANGES = "SELECT measure, society, reporter, row_id, cut, amount_minor, from_on FROM ledger_change ORDER BY 1, 4, id"
MOVEMENTS = (
    "SELECT span, first_on, society, measure, cut, count, amount_minor FROM ledger_movement"
    " WHERE count <> 0 OR amount_minor <> 0 ORDER BY 1, 2, 3, 4, 5"
)


def ended(n: int, state: str, ended_at: datetime | None) -> Any:
    return dataclasses.replace(application(n, EARLIER), state=state, step="", ended_at=ended_at)


def rows() -> None:
    """Rows of every state, each reported once."""
    MEMBERS.apply(
        [
            (member(1), "101", AT),
            (changed(member(2, state="lapsed"), AT, to_on=date(2026, 2, 1)), "101", AT),
            (changed(member(3, state="lapsed"), AT, to_on=date(2027, 2, 1)), "101", AT),
            (member(4, state="ended"), "201", AT),
        ]
    )
    APPLICATIONS.apply(
        [
            (application(1, EARLIER), "101", AT),
            (ended(2, "refused", EARLIER), "101", AT),
            (ended(3, "expired", None), "201", AT),
        ]
    )
    FEES.apply([(fee(1), "100", AT), (fee(2, state="settled"), "100", AT), (fee(3, state="cancelled"), "201", AT)])
    FEES.apply([(fee(4, state="reported", amount=7), "100", AT)])


def test_it_makes_of_rows_what_the_program_makes(federation: Federation, admin_url: str) -> None:
    with federation.inside(federation.hq), transaction.atomic():
        rows()
    migration: Any = import_module("federation.ledger.migrations.0002_history").Migration
    statements = [str(each.sql) for each in migration.operations if isinstance(each, RunSQL)]
    with psycopg.connect(admin_url, dbname=DATABASE) as admin:
        admin.execute(SQL("SET search_path = {}").format(Identifier(federation.hq.schema_name)))
        kept = [admin.execute(each).fetchall() for each in (CHANGES, MOVEMENTS)]
        admin.execute("DELETE FROM ledger_change; DELETE FROM ledger_movement")
        for statement in statements:
            admin.execute(statement.encode())
        assert [admin.execute(each).fetchall() for each in (CHANGES, MOVEMENTS)] == kept
        assert [len(each) for each in kept] == [18, 42]
        assert admin.execute("SELECT count(*) FROM ledger_historystart").fetchone() == (1,)
        admin.rollback()
