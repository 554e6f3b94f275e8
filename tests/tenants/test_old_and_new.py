"""Old and new code serve the same societies while the expand migration between them is applied."""

import json
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from psycopg.sql import SQL, Identifier, Literal

from tests.journeys.installation import free_port
from tests.journeys.program import Program
from tests.tenants.apart import Apart, federation_apart

pytestmark = pytest.mark.slow

SLUGS = ("anvil", "bellows", "crucible")
OLD, NEW = "config.wsgi:application", "tests.tenants.new_code:application"
ACTS = 40  # of each kind of traffic, at least
PATIENCE = 240  # seconds; others may be at work on the machine


@dataclass
class Traffic:
    """Codes are minted by one web process and read by another, without end; what is not answered well is an error."""

    tokens: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict)
    minted: Counter[tuple[str, str]] = field(default_factory=Counter)  # (slug, who wrote)
    crossings: Counter[tuple[str, str]] = field(default_factory=Counter)  # (who wrote, who read)
    errors: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        chance = random.Random()
        while not self.over.is_set() and len(self.errors) < 5:
            slug = chance.choice(SLUGS)
            ports = list(self.ports.items())
            (writer, there), (reader, here) = chance.choice(ports), chance.choice(ports)
            try:
                made = self._ask(slug, there).post("referral-codes/", {"label": f"by {writer}"})
                if made.status != 201:
                    raise ValueError(str(made))
                self.minted[slug, writer] += 1
                found = self._ask(slug, here).get(f"referral-codes/{made.data['id']}/")
                listed = self._ask(slug, here).get("referral-codes/", page_size=5)
                if (found.status, listed.status) != (200, 200):
                    raise ValueError(f"{made} {found} {listed}")
                if (found.data["code"], found.data["label"]) != (made.data["code"], f"by {writer}"):
                    raise ValueError(f"{made.data} is read as {found.data}")
                self.crossings[writer, reader] += 1
            except Exception as error:
                self.errors.append(f"{slug}: {writer} → {reader}: {error!r}")

    def _ask(self, slug: str, port: int) -> Program:
        return Program(f"http://{slug}.localhost:{port}/", self.tokens[slug])

    def await_acts(self, *ways: tuple[str, str]) -> None:
        """Until each of these ways has been gone often enough since now."""
        before, deadline = Counter(self.crossings), time.monotonic() + PATIENCE
        while any(self.crossings[way] < before[way] + ACTS for way in ways):
            assert not self.errors, self.errors
            assert time.monotonic() < deadline, (ways, self.crossings)
            time.sleep(0.05)


@pytest.fixture
def apart() -> Iterator[Apart]:
    with federation_apart() as found:
        yield found


@contextmanager
def served(apart: Apart, code: str) -> Iterator[int]:
    """A web process of this code, until it is asked to end and has answered what was under way."""
    port = free_port()
    words = [code, "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--no-control-socket"]
    web = apart.start("gunicorn", *words, "--bind", f"127.0.0.1:{port}", "--log-level", "warning")
    try:
        _await_answer(web, port)
        yield port
    finally:
        web.send_signal(signal.SIGTERM)
        try:
            said = web.communicate(timeout=30)[0]
        except subprocess.TimeoutExpired:
            web.kill()
            said = web.communicate()[0]
    assert "Traceback" not in said, said[-3000:]


def _await_answer(web: "subprocess.Popen[str]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if Program(f"http://{SLUGS[0]}.localhost:{port}/").get("societies/").status == 200:
                return
        except OSError:
            pass
        assert web.poll() is None and time.monotonic() < deadline, "the web process does not answer"
        time.sleep(0.1)


def test_old_and_new_code_at_once(apart: Apart) -> None:
    traffic = Traffic(json.loads(apart.run("tests.tenants.errands", "open_served", *SLUGS).stdout))
    threads = [threading.Thread(target=traffic.work) for _n in range(3)]
    try:
        with served(apart, OLD) as old:
            traffic.ports["old"] = old
            for thread in threads:
                thread.start()
            traffic.await_acts(("old", "old"))
            before = Counter(traffic.minted)
            said = apart.run("tests.tenants.errands", "colour_codes", "--phase", "expand").stdout
            assert "4 upgraded, 0 up to date, 0 failed" in said
            assert sum(traffic.minted.values()) > sum(before.values())  # it went on meanwhile
            with served(apart, NEW) as new:
                traffic.ports["new"] = new
                traffic.await_acts(("old", "old"), ("old", "new"), ("new", "old"), ("new", "new"))
                del traffic.ports["new"]  # the new version is taken back: the old one needs no step of the database
                traffic.await_acts(("old", "old"))
            with served(apart, NEW) as new:
                traffic.ports["new"] = new
                del traffic.ports["old"]
                traffic.await_acts(("new", "new"))
                traffic.over.set()
                for thread in threads:
                    thread.join()
    finally:
        traffic.over.set()
        for thread in threads:
            if thread.is_alive():
                thread.join()
    assert traffic.errors == []
    print(f"acts by (writer, reader): {dict(traffic.crossings)}")
    assert _written(apart) == {
        (slug, writer, None if writer == "old" else "green", count) for (slug, writer), count in traffic.minted.items()
    }


def _written(apart: Apart) -> set[tuple[Any, ...]]:
    """(slug, who wrote, which colour, how many)."""
    parts = [
        SQL("SELECT {}, substr(label, 4), colour, count(*) FROM {} GROUP BY 1, 2, 3").format(
            Literal(slug), Identifier(f"s_{slug}", "referrals_referralcode")
        )
        for slug in SLUGS
    ]
    with apart.admin() as admin:
        return set(admin.execute(SQL(" UNION ALL ").join(parts)).fetchall())
