"""A society of 10,000 members loses its schema in mid-traffic and comes back; nobody else is touched or sees an error.

RETURN_MEMBERS  how many members (10,000)
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from config.launcher.plan import ROOT
from tests.faults.ledger import Books, books
from tests.faults.persistence import Troubles, Unserved, persist
from tests.faults.traffic import Traffic
from tests.journeys.installation import Installation, environment_beside, temporary_installation
from tests.journeys.office import await_worker

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SIZE = int(os.environ.get("RETURN_MEMBERS", "10000"))
LATE = 50  # join after the backup
MAP_SECONDS = 2.0  # for so long a web process may not know that a society has opened again (HUILIAN_STREET_MAP_SECONDS)
LOST, SCHEMA = "welding", "s_welding"
BUSY = ("zhejiang",)
# What requests, clocks and the border write by themselves.
ALWAYS_WRITTEN = (
    "accounts_apitoken",
    "api_idempotentrequest",
    "django_session",
    "accounts_signinattempt",
    "notices_notice",  # the demonstration's letters still go out
)
# What this test writes at a society where people are at work.
WORKED_ON = (
    "referrals_referralcode",
    "journal_record",
    "journal_journalhead",
    "members_member",
    "members_entitlementyear",
)
Digests = dict[tuple[str, str], tuple[int, str]]


@pytest.fixture
def installation() -> Iterator[Installation]:
    with temporary_installation() as running:
        running.start()
        await_worker(running.demo)
        yield running


def test_a_society_lost_in_traffic_comes_back(installation: Installation) -> None:
    demo = installation.demo
    number = demo.number_of(LOST)
    folder = installation.data / "kept"
    fill(installation, LOST, 1, SIZE)
    assert_alike(installation)
    quiet = [slug for slug in demo.hosts if slug not in (LOST, "hq", *BUSY)]
    traffic = Traffic(demo, writing=[LOST, *BUSY], reading=[*quiet, "hq"])
    traffic.start()
    try:
        time.sleep(3)
        kept = installation.manage("backup_society", number, "--to", str(folder))
        assert kept.returncode == 0, kept.stderr
        fill(installation, LOST, SIZE + 1, SIZE + LATE)
        with books(installation) as rows:
            before = digests(rows)
            lost_at = time.monotonic()
            lose(rows)
        time.sleep(2)
        fill(installation, BUSY[0], 1, 5)  # others' messages travel meanwhile
        began = time.monotonic()
        said = installation.manage("restore_society", number, "--from", str(folder))
        ended = time.monotonic()
        time.sleep(MAP_SECONDS + 2)
    finally:
        traffic.stop()
    print(said.stdout)
    assert said.returncode == 0, said.stderr
    in_place = re.search(rf"^{number} is back as of .* in ([0-9.]+) s\.$", said.stdout, re.M)
    assert in_place and f"{LATE} members gone since the backup" in said.stdout
    assert "1 societies compared, 0 differences." in said.stdout

    served = min(each.at for each in traffic.asked if each.society == LOST and each.at > began and not each.trouble)
    for slug in demo.hosts:
        if slug != LOST:
            assert traffic.troubles(slug) == [], slug
    known = ended + MAP_SECONDS + 0.5  # to each web process, that the society is open again
    late = [each for each in traffic.troubles(LOST) if each.ended < lost_at or each.at > known]
    assert late == [] and traffic.troubles(LOST)

    with books(installation) as rows:
        after = digests(rows)
        here, there = (
            rows.ask(SCHEMA, "SELECT count(*) FROM members_member")[0][0],
            rows.ask("s_hq", "SELECT count(*) FROM ledger_rollentry WHERE society = %s", number)[0][0],
        )
    assert before == after and len(before) > 150 and sum(count for count, _digest in before.values()) > 1000
    assert here == there >= SIZE
    assert_alike(installation)
    tables = len({schema for schema, _table in before})
    print(
        f"{SIZE} members: in place after {in_place[1]} s, command {ended - began:.1f} s, first page again "
        f"{served - began:.1f} s after its start; {len(traffic.asked)} requests meanwhile ({dict(traffic.count())}), "
        f"{len(traffic.troubles(LOST))} refused by the lost one, none by others; {len(before)} tables of {tables} "
        "societies unchanged"
    )


def fill(installation: Installation, slug: str, first: int, last: int) -> None:
    """Members of a society, and headquarters knows of them."""
    number = installation.demo.number_of(slug)
    environment = environment_beside(installation.data, installation.environment)
    with books(installation) as rows:
        known = on_roll(rows, number)
    command = [sys.executable, "-m", "tests.faults.filling", slug, str(first), str(last)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]

    def has_arrived() -> None:
        with books(installation) as rows:
            if on_roll(rows, number) < known + last - first + 1:
                raise Unserved("on its way")

    persist(has_arrived, Troubles(), patience=120)


def on_roll(rows: Books, number: str) -> int:
    return int(rows.ask("s_hq", "SELECT count(*) FROM ledger_rollentry WHERE society = %s", number)[0][0])


def lose(rows: Books) -> None:
    """Somebody with too many rights makes a mistake, while others are at work in it."""
    while True:
        try:
            rows.do(SQL("DROP SCHEMA {} CASCADE").format(Identifier(SCHEMA)))
            return
        except psycopg.errors.DeadlockDetected:
            continue


def digests(rows: Books) -> Digests:
    """Of every table that nobody writes: how many rows, and their content."""
    found: Digests = {}
    for schema in rows.schemas:
        if schema == SCHEMA:
            continue
        busy = schema in [f"s_{slug}" for slug in BUSY]
        for (table,) in rows.ask(schema, "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", schema):
            if table in ALWAYS_WRITTEN or table.startswith("federation_") or (busy and table in WORKED_ON):
                continue
            if schema == "s_hq" and table.startswith(("ledger_", "journal_")):
                continue  # it keeps the books of the one that came back; see below
            found[schema, table] = digest(rows, schema, f"SELECT * FROM {table}")
    written = [SCHEMA, *(f"s_{slug}" for slug in BUSY)]
    others = "society <> ALL (SELECT number FROM public.tenants_society WHERE schema_name = ANY(%s))"
    for table in ("ledger_rollentry", "ledger_applicationentry", "ledger_feeentry", "ledger_case"):
        found["s_hq", table] = digest(rows, "s_hq", f"SELECT * FROM {table} WHERE {others}", written)
    return found


def digest(rows: Books, schema: str, query: str, *facts: Any) -> tuple[int, str]:
    statement = f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM ({query}) AS t"
    count, content = rows.ask(schema, statement, *facts)[0]
    return int(count), str(content)


def assert_alike(installation: Installation) -> None:
    compared = installation.manage("reconcile")
    assert compared.returncode == 0 and "9 societies compared, 0 differences." in compared.stdout, compared.stdout
