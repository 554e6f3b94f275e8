"""`kill -9` of web, worker, beat and PostgreSQL, again and again, while a crowd joins: nothing lost, nothing twice.

FAULTS_APPLICATIONS  how many join (60)
FAULTS_ROUNDS        how often everything is killed (once; again and again to the end where 200 or more join)
FAULTS_CLIENTS       how many of them at once (4)
FAULTS_SEED          chance begins here (printed)
FAULTS_MUTATION      a folder of `mutations/`: one lock is taken out of the product, and this test must fail
"""

import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from psycopg.sql import SQL

from tests.faults.crowd import Crowd, crowd
from tests.faults.killing import TARGETS, Killer
from tests.faults.ledger import books
from tests.faults.persistence import Troubles, Unserved, persist
from tests.journeys.installation import Installation, temporary_installation
from tests.journeys.office import await_worker

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SIZE = int(os.environ.get("FAULTS_APPLICATIONS", "60"))
ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "0" if SIZE >= 200 else "1"))
CLIENTS = int(os.environ.get("FAULTS_CLIENTS", "4"))
SEED = int(os.environ.get("FAULTS_SEED", str(random.randrange(10**6))))
MUTATION = os.environ.get("FAULTS_MUTATION", "")
RECOVERY = 30.0  # seconds, on a machine that others use as well
MUTATIONS = Path(__file__).with_name("mutations")
CHAINS = """
from huilian.journal.queries import verify
from tenants import registry
from tenants.context import inside
for society in registry.street_map().by_number.values():
    with inside(society):
        broken = verify()
        print("broken", society.number, broken) if broken else print("whole", society.number)
"""


@pytest.fixture
def installation() -> Iterator[Installation]:
    """A federation that is opened whole; only then is the lock taken out, where one is to be."""
    with temporary_installation() as running:
        running.start()
        if MUTATION:
            assert (MUTATIONS / MUTATION / "sitecustomize.py").is_file()
            running.stop()
            running.environment["PYTHONPATH"] = f"{MUTATIONS / MUTATION}:{running.environment['PYTHONPATH']}"
            running.start()
        await_worker(running.demo)
        yield running


def test_killed_at_work(installation: Installation) -> None:
    check_killed_at_work(installation, TARGETS)


def check_killed_at_work(installation: Installation, targets: Sequence[str]) -> None:
    """A crowd joins while each target is killed; then every book is right."""
    with books(installation) as rows:
        rows.do(SQL("CHECKPOINT"))  # what was opened a moment ago is safe: no recovery is timed with it
    began = time.monotonic()
    people = crowd(installation.demo, size=SIZE, clients=CLIENTS)
    pause = (0.5, 2.5) if ROUNDS else (2.0, 8.0)
    killer = Killer(installation, random.Random(SEED), targets, rounds=ROUNDS, pause=pause)
    people.go_on = killer.first_round  # the last of the crowd come when everything has been killed once
    killer.start()
    try:
        people.run()
    finally:
        killer.stop()
        print(_report(people, killer, time.monotonic() - began))
    assert {kill.target for kill in killer.kills} == set(targets)
    persist(lambda: _is_quiet(installation), Troubles())

    with books(installation) as rows:
        faults = rows.faults(people.applicants)
    assert not faults, "\n".join(["", *faults[:40], f"{len(faults)} faults"])
    compared = installation.manage("reconcile")
    assert compared.returncode == 0, compared.stdout
    assert "9 societies compared, 0 differences." in compared.stdout
    chains = installation.manage("shell", "-v", "0", "-c", CHAINS)
    assert chains.returncode == 0, chains.stderr
    assert (chains.stdout.count("whole"), "broken" in chains.stdout) == (9, False), chains.stdout
    slow = [kill for kill in killer.kills if kill.seconds > RECOVERY]
    assert not slow, f"took too long to recover: {slow}"


def _is_quiet(installation: Installation) -> None:
    """Nothing is on its way any more."""
    reply = installation.demo.program("hq", "owner").get("border/", page_size=200)
    if reply.status != 200:
        raise Unserved(str(reply.status))
    if any(row["undelivered"] or row["waiting"] for row in reply.data["results"]):
        raise Unserved("messages are on their way")


def _report(people: Crowd, killer: Killer, seconds: float) -> str:
    lines = [
        f"{people.joined} of {len(people.applicants)} joined in {seconds:.0f} s, by {people.clients} clients at once; "
        f"{len(killer.kills)} kills; seed {SEED}; mutation: {MUTATION or 'none'}"
    ]
    for target in killer.targets:
        times = sorted(kill.seconds for kill in killer.kills if kill.target == target)
        if times:
            lines.append(
                f"  {target:17} killed {len(times):2} times; works again after "
                f"{times[len(times) // 2]:.1f} s (median), {times[-1]:.1f} s (worst)"
            )
    met = ", ".join(f"{what} × {count}" for what, count in people.troubles.met.most_common())
    return "\n".join([*lines, f"  clients met with: {met or 'nothing'}"])
