"""One society goes back to the moment before a mistake, by the very commands that the guide names."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from psycopg.sql import SQL, Identifier

from config.launcher.cluster import as_user, programs
from config.launcher.plan import ROOT
from config.launcher.server_user import let_pass, own_folder, server_user
from tests.tenants.apart import PASSWORD, Apart, federation_apart

pytestmark = pytest.mark.slow

GUIDE = (ROOT / "platform/docs/backup.md").read_text(encoding="utf-8")
PART = GUIDE[GUIDE.index("## A moment between two backups") : GUIDE.index("## The loss of everything")]
(KEPT,) = re.findall(r"```ini\n(.*?)```", PART, re.S)
TAKE_BASE, SWITCH, RECOVER, TAKE_OUT, STOP, BRING_BACK = re.findall(r"```sh\n(.*?)```", PART, re.S)
RIGHT_TO_COPY = re.search(r"`(local replication [^`]+)`", PART)


@pytest.fixture
def archive() -> Iterator[Path]:
    """A folder of the server's user; not pytest's, which that user may not enter."""
    with TemporaryDirectory(prefix="huilian-log-") as folder:
        place = Path(folder).resolve() / "archive"
        own_folder(place, server_user())
        let_pass(place)
        yield place


@pytest.fixture
def apart(archive: Path) -> Iterator[Apart]:
    """A federation whose server keeps its log as the guide says."""
    lines = (line.partition("=") for line in KEPT.strip().splitlines())
    settings = {name.strip(): value.strip().strip("'").replace("/archive", str(archive)) for name, _is, value in lines}
    with federation_apart(**settings) as found:
        yield found


def test_one_society_returns_to_the_moment_before(apart: Apart, archive: Path) -> None:
    place = archive.parent
    facts = {"BASE": archive / "base", "SCRATCH": archive / "pg", "ARCHIVE": archive, "FOLDER": place / "folder"}
    json.loads(apart.run("tests.tenants.errands", "open_served", "anvil", "bellows").stdout)
    fill(apart, "anvil", 1, 40)
    fill(apart, "bellows", 1, 10)
    let_copy(apart)
    on_the_machine(apart, TAKE_BASE, facts)

    fill(apart, "anvil", 41, 60)
    right = content(apart, "s_anvil")
    moment = clock(apart)
    time.sleep(0.05)
    with apart.admin() as admin:  # the mistake
        admin.execute("DELETE FROM s_anvil.members_entitlementyear")
        admin.execute("UPDATE s_anvil.members_member SET name = 'N. N.', email = ''")
    fill(apart, "anvil", 61, 63)  # people go on joining before anybody notices
    fill(apart, "bellows", 11, 15)
    others = content(apart, "s_bellows")

    began = time.monotonic()
    segment = being_written(apart)
    on_the_machine(apart, SWITCH, facts)
    await_archived(apart, segment)
    on_the_machine(apart, RECOVER, {**facts, "MOMENT": moment})
    recovered = time.monotonic()
    try:
        beside(apart, TAKE_OUT, {**facts, "PASSWORD": PASSWORD})
    finally:
        on_the_machine(apart, STOP, facts)
    said = beside(apart, BRING_BACK, facts)

    assert "can come back" in said and "0 differences." in said and "3 members gone since the backup" in said
    assert content(apart, "s_anvil") == right and right["members_entitlementyear"][0] == 60
    assert content(apart, "s_bellows") == others
    assert "3 societies compared, 0 differences." in apart.manage("reconcile")
    print(
        f"scratch server at the moment after {recovered - began:.1f} s; society back after "
        f"{time.monotonic() - began:.1f} s (60 members)"
    )


def fill(apart: Apart, slug: str, first: int, last: int) -> None:
    """Members whom headquarters knows."""
    apart.run("tests.faults.filling", slug, first, last)
    apart.manage("reconcile")


def let_copy(apart: Apart) -> None:
    """Who may read the whole server, as the guide says; by the suite's server, names are mapped."""
    assert RIGHT_TO_COPY is not None
    rules = apart.server.folder / "pg_hba.conf"
    with rules.open("a") as file:
        file.write(f"{RIGHT_TO_COPY[1]} map=huilian\n")
    before = read_at(apart)
    with apart.admin() as admin:
        admin.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 30
    while read_at(apart) == before:
        assert time.monotonic() < deadline, "the rules are not read"
        time.sleep(0.05)


def read_at(apart: Apart) -> object:
    """When the server had read its rules before it let this new session in."""
    with apart.admin() as admin:
        row = admin.execute("SELECT pg_conf_load_time()").fetchone()
    assert row is not None
    return row[0]


def clock(apart: Apart) -> str:
    with apart.admin() as admin:
        row = admin.execute("SELECT clock_timestamp()::text").fetchone()
    assert row is not None
    return str(row[0])


def being_written(apart: Apart) -> str:
    """The piece of the log that holds what was done last."""
    with apart.admin() as admin:
        row = admin.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    return str(row[0])


def await_archived(apart: Apart, segment: str) -> None:
    with apart.admin() as admin:
        for _turn in range(300):
            last = admin.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
            if last is not None and str(last[0]) >= segment:
                return
            time.sleep(0.1)
    raise AssertionError(f"{segment} is not archived")


def content(apart: Apart, schema: str) -> dict[str, tuple[int, str]]:
    """Rows and digest of what people care about."""
    tables = ("members_member", "members_entitlementyear", "accounts_user", "referrals_referralcode")
    # A return lifts versions above what headquarters knows.
    rows = (
        "SELECT count(*), md5(string_agg((to_jsonb(t) - 'version')::text, '|' ORDER BY to_jsonb(t)::text)) FROM {} AS t"
    )
    found = {}
    with apart.admin() as admin:
        for table in tables:
            row = admin.execute(SQL(rows).format(Identifier(schema, table))).fetchone()
            found[table] = (row[0], row[1]) if row else (0, "")
    return found


def on_the_machine(apart: Apart, script: str, facts: Mapping[str, Any]) -> None:
    """As the server's user, with PostgreSQL's programs on the path."""
    environment = {
        "PATH": f"{programs()}:{os.environ['PATH']}",
        "PGHOST": apart.server.host,
        "PGPORT": str(apart.server.port),
        **{name: str(value) for name, value in facts.items()},
    }
    done = subprocess.run(
        ["bash", "-euc", script], env=environment, cwd="/", capture_output=True, text=True, **as_user(server_user())
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"


def beside(apart: Apart, script: str, facts: Mapping[str, Any]) -> str:
    """In the environment of the installation, with `manage.py` on the path."""
    bin_folder = apart.folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    program = bin_folder / "manage.py"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/manage.py" "$@"\n')
    program.chmod(0o700)
    environment = apart.environment | {name: str(value) for name, value in facts.items()}
    environment["PATH"] = f"{bin_folder}:{environment['PATH']}"
    done = subprocess.run(["bash", "-euc", script], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout
