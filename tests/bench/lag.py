"""How long after its commit a report is on headquarters' roll, with the real worker, beat and broker."""

import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction
from psycopg.sql import SQL, Identifier

from federation.outbox import publish
from tenants.context import inside
from tests.bench.arena import NAME
from tests.bench.messages import member_report
from tests.bench.running import await_true, programs, running

LOOK_EVERY = 0.01  # seconds: what the lag is rounded up to
FIRST = 9_000_000  # member numbers that nobody else has here


class Watch:
    """Looks at headquarters' roll and remembers when each report was first seen there."""

    def __init__(self, server: Any, headquarters: Any) -> None:
        self._connection = psycopg.connect(server.url(NAME, user=server.superuser), autocommit=True)
        table = Identifier(headquarters.schema_name, "ledger_rollentry")
        self._query = SQL("SELECT member_id FROM {} WHERE member_id = ANY(%s)").format(table)
        self._committed: dict[UUID, float] = {}
        self.lags: dict[UUID, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._connection.close()

    def expect(self, member: UUID, *, since: float) -> None:
        self._committed[member] = since

    @property
    def missing(self) -> int:
        return len(self._committed) - len(self.lags)

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            wanted = [member for member in list(self._committed) if member not in self.lags]
            if wanted:
                rows = self._connection.execute(self._query, (wanted,)).fetchall()
                now = time.perf_counter()
                self.lags.update({member: now - self._committed[member] for (member,) in rows})


def measure_lag(server: Any, headquarters: Any, societies: Sequence[Any], *, seconds: int, every: float) -> list[float]:
    """One report every `every` seconds, from one society after another; the lag of each in seconds."""
    builder = programs(server, port=8000)
    with running(builder.worker(), builder.beat()):
        return watch_reports(server, headquarters, societies, seconds=seconds, every=every)


def watch_reports(
    server: Any, headquarters: Any, societies: Sequence[Any], *, seconds: int, every: float
) -> list[float]:
    """The same, where worker and beat run already."""
    with Watch(server, headquarters) as watch:
        # The first one waits until the worker has started, and is not counted.
        first = _report(watch, societies[0], FIRST)
        await_true(lambda: first in watch.lags, within=90, what="the worker's first message")
        start = time.perf_counter()
        for number in range(1, int(seconds / every) + 1):
            time.sleep(max(0.0, start + number * every - time.perf_counter()))
            _report(watch, societies[number % len(societies)], FIRST + number)
        await_true(lambda: not watch.missing, within=60, what="the last messages")
        return [lag for member, lag in watch.lags.items() if member != first]


def _report(watch: Watch, society: Any, number: int) -> UUID:
    report = member_report(f"{society.number}{number}P")
    with inside(society):
        with transaction.atomic():
            publish(report, to="100")
        watch.expect(report.member_id, since=time.perf_counter())
    return report.member_id
