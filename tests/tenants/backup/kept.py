"""A branch that is kept and brought back: how it is looked at from outside."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.core.management import call_command
from psycopg.sql import SQL, Identifier

from federation.ledger.models import RollEntry, Rollup
from tenants.models import Society
from tests.federation_fixture import Federation
from tests.members.cast import activate, application_of

NUMBER, SCHEMA = "198", "s_kept"


def schemas(admin: psycopg.Connection[Any]) -> list[str]:
    rows = admin.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 's\\_kept%' ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def manage(*words: Any) -> str:
    said = StringIO()
    call_command(*[str(word) for word in words], stdout=said)
    return said.getvalue()


def manage_apart(*words: Any) -> None:
    """The command in a thread of its own, as another process would run it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(manage, *words).result()


def join(federation: Federation, society: Society, name: str) -> UUID:
    with federation.inside(society):
        return activate(application_of(name, phone=f"+86138{uuid4().int % 10**8:08}")).pk


def roll(federation: Federation) -> dict[UUID, tuple[str, int]]:
    with federation.inside(federation.hq):
        rows = RollEntry.objects.filter(society=NUMBER).values_list("member_id", "state", "version")
        return {key: (state, version) for key, state, version in rows}


def active_members(federation: Federation) -> int:
    with federation.inside(federation.hq):
        rows = Rollup.objects.filter(society=NUMBER, measure="members", cut__endswith="|active")
        return sum(row.count for row in rows)


def prints(admin: psycopg.Connection[Any], schema: str, but: tuple[str, ...] = ()) -> dict[str, str]:
    tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
    found = {}
    for (table,) in tables:
        if table not in but:
            query = SQL("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t")
            row = admin.execute(query.format(Identifier(schema, table))).fetchone()
            found[table] = row[0] if row else ""
    return found
