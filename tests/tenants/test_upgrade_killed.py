"""An upgrade of many societies is killed at random, and so is the database under it; it is taken up until it is done.

UPGRADE_SOCIETIES  how many societies (100)
UPGRADE_KILLS      how often something is killed (8; every fourth time a session of the database)
UPGRADE_SEED       chance begins here (printed)
"""

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from tests.tenants.apart import DATABASE, Apart, federation_apart
from tests.tenants.errands import COLOUR, PAINT, PYTHON, ROWS
from tests.tenants.test_upgrading import CATALOG, WRITING

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SIZE = int(os.environ.get("UPGRADE_SOCIETIES", "100"))
KILLS = int(os.environ.get("UPGRADE_KILLS", "8"))
SEED = int(os.environ.get("UPGRADE_SEED", str(random.randrange(10**6))))
PROGRESS = re.compile(r"\[(\d+)/(\d+)\]")
NAMES = [COLOUR, PAINT, ROWS, PYTHON]
# Migrations recorded, columns, tables, rows. What is SQL comes in one step; Python is a step of its own.
NOTHING, BUT_PYTHON, ALL = (0, 0, 0, 0), (3, 1, 1, 1), (4, 1, 1, 2)
WHOLE = {NOTHING, BUT_PYTHON, ALL}
MADE = """
SELECT nspname,
       (SELECT count(*) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
         WHERE relnamespace = spaces.oid AND relname = 'notices_notice' AND attname = 'colour' AND NOT attisdropped),
       (SELECT count(*) FROM pg_class WHERE relnamespace = spaces.oid AND relname = 'notices_paint')
FROM pg_namespace AS spaces WHERE nspname LIKE 's\\_%' ORDER BY nspname
"""
Standing = dict[str, tuple[int, ...]]


@pytest.fixture
def apart() -> Iterator[Apart]:
    with federation_apart() as found:
        found.run("tests.tenants.errands", "open", SIZE)
        yield found


def test_an_upgrade_killed_at_random_is_taken_up_again(apart: Apart) -> None:
    chance = random.Random(SEED)
    began = time.monotonic()
    moments: Counter[str] = Counter()
    for turn in range(KILLS):
        target = "database" if turn % 4 == 3 else "process"
        reached = _kill_midway(apart, chance, target=target, rendering=turn == 0)
        standing = _standing(apart)
        assert len(standing) == SIZE
        assert set(standing.values()) <= WHOLE, {name: at for name, at in standing.items() if at not in WHOLE}
        moments[f"{target} {reached}"] += 1
        moments[f"{sum(at == ALL for at in standing.values())} done"] += 1
    last = apart.run("tests.tenants.errands", "upgrade").stdout.splitlines()[-1]
    again = apart.run("tests.tenants.errands", "upgrade").stdout.splitlines()[-1]
    print(f"seed {SEED}; {dict(moments)}; {last}; {time.monotonic() - began:.0f} s")
    assert last.endswith(", 0 failed") and again == f"0 upgraded, {SIZE} up to date, 0 failed"
    assert set(_standing(apart).values()) == {ALL}
    _check_alike(apart)


def _kill_midway(apart: Apart, chance: random.Random, *, target: str, rendering: bool) -> str:
    """Start an upgrade, and end it or the database under it at a random moment; says where that was."""
    process = apart.start("tests.tenants.errands", "upgrade")
    assert process.stdout is not None
    wanted, reached = chance.randint(1, max(1, SIZE // KILLS)), "after the end"
    try:
        for line in process.stdout:
            found = PROGRESS.match(line)
            if rendering and line.startswith("begun"):
                time.sleep(chance.uniform(0.1, 0.8))
                reached = "among the templates"
                break
            if found and int(found[1]) >= wanted:
                time.sleep(chance.uniform(0.0, 0.05))
                reached = "among the societies"
                break
        if target == "process":
            process.send_signal(signal.SIGKILL)
        else:
            _kill_session(apart)
        process.communicate(timeout=240)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return reached


def _kill_session(apart: Apart) -> None:
    """The server's process that works for the upgrade; its death makes the whole server recover."""
    with apart.admin() as admin:
        row = admin.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = %s LIMIT 1", (f"{DATABASE}_provisioner",)
        ).fetchone()
        if row is not None:
            with suppress(ProcessLookupError):  # the upgrade was over, and so was its session
                os.kill(row[0], signal.SIGKILL)


def _settled(apart: Apart) -> "psycopg.Connection[Any]":
    """A superuser's session once the server is there again and nobody's session is left."""
    deadline = time.monotonic() + 120
    while True:
        try:
            admin = apart.admin()
            others = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
            if admin.execute(others, (f"{DATABASE}_provisioner",)).fetchone() == (0,):
                return admin
            admin.close()
        except psycopg.OperationalError:
            pass
        assert time.monotonic() < deadline, "the server does not come to rest"
        time.sleep(0.05)


def _standing(apart: Apart) -> Standing:
    """Of each society: how much of the version to come it has."""
    with _settled(apart) as admin:
        made = admin.execute(MADE).fetchall()
        recorded = _per_schema(
            admin,
            [name for name, _column, _table in made],
            "SELECT {name}, count(*) FROM {schema}.django_migrations WHERE name = ANY(%s)",
            [NAMES],
        )
        rows = _per_schema(
            admin, [name for name, _c, table in made if table], "SELECT {name}, count(*) FROM {schema}.notices_paint"
        )
        return {name: (recorded[name], column, table, rows.get(name, 0)) for name, column, table in made}


def _per_schema(admin: "psycopg.Connection[Any]", schemas: Sequence[str], query: str, given: Sequence[Any] = ()) -> Any:
    """One query asked of every schema at once: {schema: what it says}."""
    if not schemas:
        return {}
    parts = [SQL(query).format(name=Literal(name), schema=Identifier(name)) for name in schemas]
    return dict(admin.execute(SQL(" UNION ALL ").join(parts), [*given] * len(parts) or None).fetchall())


def _check_alike(apart: Apart) -> None:
    """Every society's catalogue is its template's; content types, permissions and grants are there."""
    with _settled(apart) as admin:
        societies = admin.execute("SELECT schema_name, kind, upgrade_error FROM tenants_society").fetchall()
        assert [name for name, _kind, error in societies if error] == []
        templates = {name: _catalog(admin, name) for name in ("template_headquarters", "template_society")}
        for name, kind, _error in societies:
            template = "template_headquarters" if kind == "headquarters" else "template_society"
            assert _catalog(admin, name) == templates[template], name
        assert any(row[2] == "colour" for row in templates["template_society"])
        schemas = [*templates, *(name for name, _kind, _error in societies)]
        rows = "SELECT {name}, md5(string_agg(id || codename, ',' ORDER BY id)) FROM {schema}.auth_permission"
        assert len(set(_per_schema(admin, schemas, rows).values())) == 1
        may = "SELECT {name}, has_table_privilege('huilian_' || {name}, {name} || '.notices_paint', 'INSERT')"
        assert set(_per_schema(admin, schemas[2:], may).values()) == {True}


def _catalog(admin: "psycopg.Connection[Any]", schema: str) -> list[tuple[str, ...]]:
    rows = admin.execute(CATALOG, {"s": schema}).fetchall()
    return [tuple(WRITING.sub("", str(cell).replace(f"{schema}.", "")) for cell in row) for row in rows]
