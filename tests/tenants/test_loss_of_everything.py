"""The machine is gone; from the folders of `backup_federation` alone the federation comes back on another one."""

from pathlib import Path
from typing import Any

import pytest
from psycopg.sql import SQL, Identifier

from tests.tenants.apart import Apart, federation_apart

pytestmark = pytest.mark.slow

SLUGS = ("anvil", "bellows")
# What people and headquarters count on, each without the columns that a return may change.
BOOKS = {
    ("s_anvil", "members_member"): ("version",),
    ("s_anvil", "members_entitlementyear"): (),
    ("s_anvil", "accounts_user"): (),
    ("s_bellows", "members_member"): ("version",),
    ("s_hq", "ledger_rollentry"): ("id", "version", "reported_at"),
    ("s_hq", "ledger_rollup"): ("id",),
    ("s_hq", "ledger_change"): ("id",),
    ("s_hq", "ledger_movement"): ("id",),
}


def test_the_federation_comes_back_from_its_folders(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with federation_apart() as lost:
        lost.run("tests.tenants.errands", "open_served", *SLUGS)
        lost.run("tests.faults.filling", "anvil", 1, 40)
        lost.run("tests.faults.filling", "bellows", 1, 20)
        lost.manage("reconcile")
        lost.manage("backup_federation", "--to", folder)
        before = books(lost)
        lost.run("tests.faults.filling", "anvil", 41, 45)  # nobody kept them
    with federation_apart() as found:
        found.run("tests.tenants.errands", "open_served", *SLUGS)
        for number in ("101", "102", "100"):
            said = found.manage("restore_society", number, "--from", folder / number)
            assert "0 differences." in said
        assert "3 societies compared, 0 differences." in found.manage("reconcile")
        assert books(found) == before
    assert before["s_hq.ledger_rollentry"][0] == 60


def books(apart: Apart) -> dict[str, Any]:
    """Rows and digest of each table."""
    query = "SELECT count(*), md5(string_agg(({row})::text, '|' ORDER BY ({row})::text)) FROM {table} AS t"
    with apart.admin() as admin:
        return {
            f"{schema}.{table}": admin.execute(
                SQL(query).format(
                    row=SQL("to_jsonb(t) - {}::text[]").format(list(left)), table=Identifier(schema, table)
                )
            ).fetchone()
            for (schema, table), left in BOOKS.items()
        }
