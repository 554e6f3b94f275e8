"""Headquarters' books of many large societies: roll, applications, fees, cases, their sums and their history."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.db.migrations import RunSQL
from psycopg.sql import SQL, Identifier

from federation.ledger.models import ApplicationEntry, Case, Change, FeeEntry, Movement, RollEntry, Rollup
from federation.ledger.projecting import FEDERATION
from federation.ledger.recounting import mend_sums
from tenants.context import inside
from tests.bench.filling import Connection, insert, people, refresh

REPORTED = "TIMESTAMPTZ '2026-01-01'"
HASHES = {name: f"p.{name}" for name in ("phone_hash", "email_hash", "id_number_hash")}

ROLL = {
    "society": "p.society",
    "member_id": "p.id",
    "number": "p.society || lpad(p.g::text, 7, '0') || 'P'",
    "kind": "p.kind",
    "category": "p.category",
    "state": "p.state",
    "name": "p.name",
    "sort_key": "p.sound",
    "channel": "p.channel",
    "referral_code": "p.code",
    **HASHES,
    "joined_on": "p.joined_on",
    "from_on": "p.joined_on",
    "to_on": "p.joined_on + 3650",
    "version": "1",
    "reported_at": REPORTED,
}
# Of a hundred members' applications, 22 more did not end in membership, and two of these are under way.
APPLIED = 1.22
APPLICATIONS = {
    "society": "p.society",
    "application_id": "p.application",
    "reference": "'A' || p.society || '-' || p.g",
    "kind": "p.kind",
    "category": "p.category",
    "state": """CASE WHEN p.g > {members} * 1.17 THEN 'expired' WHEN p.g > {members} * 1.12 THEN 'withdrawn'
        WHEN p.g > {members} * 1.02 THEN 'refused' WHEN p.g > {members} THEN 'in_progress' ELSE 'member' END""",
    "step": """CASE WHEN p.g > {members} AND p.g <= {members} * 1.02
        THEN (ARRAY['endorse', 'review', 'pay', 'confirm'])[1 + p.g % 4] ELSE '' END""",
    "channel": "p.channel",
    "referral_code": "p.code",
    **HASHES,
    "submitted_at": "p.joined_on - 20 + TIME '08:00'",
    "ended_at": "CASE WHEN p.g <= {members} OR p.g > {members} * 1.02 THEN p.joined_on + TIME '10:00' END",
    "version": "3",
    "reported_at": REPORTED,
}
FEES = {
    "payee": "'100'",
    "bill_id": "p.id",
    "society": "p.society",
    "number": "'B2026-' || p.society || lpad(p.g::text, 7, '0')",
    "category": "p.category",
    "years": "1",
    "amount_minor": "CASE p.category WHEN 'ordinary' THEN 5000 WHEN 'senior' THEN 10000 ELSE 100000 END",
    "currency": "'CNY'",
    "state": """CASE WHEN (p.g * 31) % 100 < 90 THEN 'settled' WHEN (p.g * 31) % 100 < 97 THEN 'open'
        WHEN (p.g * 31) % 100 < 99 THEN 'reported' ELSE 'cancelled' END""",
    "opened_at": "p.joined_on - 10 + TIME '09:00'",
    "settled_at": "CASE WHEN (p.g * 31) % 100 < 90 THEN p.joined_on + TIME '10:00' END",
    "version": "2",
    "reported_at": REPORTED,
}
CASES = {
    "id": "gen_random_uuid()",
    "society": "a.society",
    "application_id": "a.application_id",
    "step_index": "1",
    "step": "'review'",
    "reference": "a.reference",
    "name": "'某人'",
    "kind": "a.kind",
    "category": "a.category",
    "channel": "a.channel",
    "scheme_version": "1",
    "opened_at": REPORTED,
    "due_on": "DATE '2026-01-01' + (a.id % 20)::int",
    "state": "'open'",
}
# One in six of those who came to an end had been on the desk, and was decided some days after arriving.
DECIDED = {
    **CASES,
    "opened_at": "a.submitted_at + INTERVAL '2 days'",
    "due_on": "(a.submitted_at + INTERVAL '9 days')::date",
    "decided_at": "a.submitted_at + (3 + a.id % 15) * INTERVAL '1 day'",
    "outcome": "CASE a.state WHEN 'member' THEN 'approved' ELSE 'refused' END",
    "state": "'decided'",
}


def fill_ledger(connection: Connection, headquarters: Any, societies: Sequence[Any], *, members: int) -> None:
    """Add the books of these societies, `members` each, and make the sums over all books anew."""
    schema = headquarters.schema_name
    numbers = [society.number for society in societies]
    applicants = people(numbers, int(members * APPLIED))
    applications = {name: each.replace("{members}", str(members)) for name, each in APPLICATIONS.items()}
    connection.execute("SET timezone = 'UTC'")
    connection.execute(SQL("SET search_path = {}").format(Identifier(schema)))
    insert(connection, RollEntry, schema, ROLL, people(numbers, members))
    insert(connection, ApplicationEntry, schema, applications, applicants)
    paying = "p.category IN ('ordinary', 'senior', 'institutional')"
    insert(connection, FeeEntry, schema, FEES, people(numbers, members), where=paying)
    entries = SQL("{} AS a").format(Identifier(schema, "ledger_applicationentry"))
    connection.execute("TRUNCATE ledger_case CASCADE")
    insert(connection, Case, schema, CASES, entries, where="a.step = 'review'")
    insert(
        connection, Case, schema, DECIDED, entries, where="a.category = 'senior' AND a.state IN ('member', 'refused')"
    )
    begin_history(connection)
    connection.execute("TRUNCATE ledger_rollup")
    with inside(headquarters):
        for whose in (*sorted(set(RollEntry.objects.values_list("society", flat=True))), FEDERATION):
            mend_sums(whose)
    refresh(connection, schema, RollEntry, ApplicationEntry, FeeEntry, Case, Rollup, Change, Movement)


def begin_history(connection: Connection) -> None:
    """The history of what is in the books, as its migration makes it."""
    connection.execute("TRUNCATE ledger_change, ledger_movement, ledger_historystart")
    migration: Any = import_module("federation.ledger.migrations.0002_history").Migration
    for operation in migration.operations:
        if isinstance(operation, RunSQL):
            connection.execute(str(operation.sql).encode())


def check_sums(society: str) -> None:
    """Prove on one society, inside headquarters, that the sums are those that the product would have kept."""
    from federation.ledger.projecting import PROJECTIONS

    kept = {
        (row.measure, row.cut, row.month): (row.count, row.amount_minor)
        for row in Rollup.objects.filter(society=society)
    }
    made: dict[Any, tuple[int, int]] = {}
    for projection in PROJECTIONS.values():
        for row in projection.model._default_manager.filter(society=society).iterator():
            for measure, cut, month, amount in projection.measures(row):
                count, total = made.get((measure, cut, month), (0, 0))
                made[measure, cut, month] = count + 1, total + amount
    if made != kept:
        raise AssertionError(f"the sums of {society} are not what the projections make of its rows")
