"""An import is killed at random; nobody ever sees half a society, and the next import makes a whole one."""

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.tenants.apart import Apart, federation_apart

pytestmark = [pytest.mark.slow, pytest.mark.faults]

MEMBERS = 2000
KILLS = int(os.environ.get("IMPORT_KILLS", "6"))
SEED = int(os.environ.get("IMPORT_SEED", str(random.randrange(10**6))))
WISH = ("--number", "150", "--slug", "moved", "--owner-email", "owner@moved.example.org", "--reason", "Resolution 7")
STATE = """
SELECT (SELECT state FROM tenants_society WHERE number = '150'),
       to_regclass('s_moved.members_member') IS NOT NULL,
       (SELECT count(*) FROM s_hq.ledger_rollentry WHERE society = '150'),
       (SELECT count(*) FROM s_hq.federation_inboxmessage WHERE sender = '150')
"""


def test_an_import_killed_at_random_leaves_nothing_open(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    archive = tmp_path / "anvil.tar"
    with federation_apart() as apart:
        apart.run("tests.tenants.errands", "open_served", "anvil")
        apart.run("tests.faults.filling", "anvil", 1, MEMBERS)
        apart.manage("reconcile")
        apart.manage("export_society", "101", "--to", archive)
        usual = -time.monotonic()
        apart.manage("import_society", archive, "--number", "151", "--slug", "other", *WISH[4:])
        usual += time.monotonic()
        seen = []
        for _turn in range(KILLS):
            process = apart.start("manage", "import_society", archive, *WISH)
            time.sleep(chance.uniform(0.3, 0.95) * usual)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            seen.append(state(apart))
            if seen[-1][0] == "open":
                break
            assert seen[-1] in ((None, False, 0, 0), ("opening", True, 0, 0))
        if seen[-1][0] != "open":
            assert "0 differences." in apart.manage("import_society", archive, *WISH)
        assert "4 societies compared, 0 differences." in apart.manage("reconcile", "--repair")
        assert state(apart)[:3] == ("open", True, MEMBERS)
        print(f"seed {SEED}; an import takes {usual:.1f} s; killed in the states {[each[0] for each in seen]}")


def state(apart: Apart) -> tuple[Any, ...]:
    """Of the society to be: what the street map says, whether it has tables, and what headquarters was told."""
    with apart.admin() as admin:
        for _turn in range(100):
            others = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'huilian%'").fetchone()
            if others == (0,):
                break
            time.sleep(0.1)
        row = admin.execute(STATE).fetchone()
    assert row is not None
    return tuple(row)
