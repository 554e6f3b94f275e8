"""Ten minutes of mixed traffic over every society of the Association. `python -m tests.bench.load`

The stack of `make stack` (STACK_BROKER chooses its broker), or with `--embedded 1` what `make run` starts; 72
societies. Several clients, each without a pause: front doors in rotation, sign-ins and member pages, lists of the
consoles and of the API, applications to the end. The clients share the machine with what they ask.
"""

import os
import re
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import psycopg

from tests.bench.applicants import Letters
from tests.bench.figures import Aim, percentile, record, show_number, sizes
from tests.bench.guests import Guests, Tally
from tests.bench.installed import EMBEDDED, NAME, Books, installed, port_of
from tests.bench.memory import weigh
from tests.bench.traffic import Traffic
from tests.journeys.installation import Installation
from tests.journeys.office import until

Weights = dict[str, float]  # MiB by kind of process


def main(wishes: Namespace) -> None:
    what = EMBEDDED if wishes.embedded else os.environ.get("STACK_BROKER", "").strip() or "redis"
    with installed(what) as installation:
        opened = installation.manage("open_federation", "cmes", "--all")
        if opened.returncode:
            raise RuntimeError(opened.stdout + opened.stderr)
        books = Books(installation)
        places, port = books.places(), port_of(installation)
        print(f"{what}: {len(places)} societies; {wishes.clients} clients for {wishes.minutes} minutes", flush=True)
        with psycopg.connect(books.url(NAME, user=books.superuser), autocommit=True) as connection:
            letters = {place.schema_name: Letters(books, place, connection) for place in places}
            guests = Guests(port, Tally(), letters)
            traffic = Traffic(installation.demo, places, guests, seed=wishes.seed)
            traffic.sign_offices_in()
            weights = {"start": _weights(installation)}
            seconds, busy = _run(traffic, wishes, lambda: weights.setdefault("after a minute", _weights(installation)))
            weights["end"] = _weights(installation)
        _show(guests.tally, what, seconds=seconds, busy=busy, joined=len(guests.members), minutes=wishes.minutes)
        if guests.tally.errors:
            print("\n".join(installation.words().splitlines()[-60:]))
        _show_weights(what, weights)
        _check_books(installation, len(places))
    if guests.tally.errors:
        raise SystemExit(1)


def _run(traffic: Traffic, wishes: Namespace, after_a_minute: Callable[[], object]) -> tuple[float, float]:
    """All clients until the time is over; returns seconds, and the share of a processor that they took themselves."""
    began, busy = perf_counter(), time.process_time()
    until = began + 60 * wishes.minutes
    with ThreadPoolExecutor(wishes.clients + 1) as threads:
        clients = [threads.submit(traffic.drive, client, until) for client in range(wishes.clients)]
        time.sleep(min(60, 30 * wishes.minutes))
        after_a_minute()
        for client in clients:
            client.result()
    seconds = perf_counter() - began
    return seconds, (time.process_time() - busy) / seconds


def _show(tally: Tally, what: str, *, seconds: float, busy: float, joined: int, minutes: int) -> None:
    everything = tally.seconds()
    title = f"load, {what}"
    show_number(f"{title}: requests", len(everything) / seconds, "/s")
    show_number(f"{title}: requests in all", len(everything))
    show_number(f"{title}: members who joined", joined)
    for name in ("", *sorted(tally.times)):
        times = tally.seconds(name)
        sides = {"p50": 1000 * percentile(times, 0.5), "p95": 1000 * percentile(times, 0.95), "n": len(times)}
        most = 1000 * max(times)
        print(f"    {name or 'all':14s} n={len(times):6d}  p50 {sides['p50']:7.1f}  p95 {sides['p95']:7.1f}  ", end="")
        print(f"most {most:8.1f} ms", flush=True)
        record(f"{title}: {name or 'all'}", unit="ms", sides={"huilian": {**sides, "high": most}})
    _show_minutes(tally, minutes)
    print(f"    the clients themselves took {100 * busy:.0f} % of one processor")
    show_number(f"{title}: errors", len(tally.errors), aim=Aim("<=", 0))
    for error, times_met in Counter(re.sub(r"\d+", "#", each) for each in tally.errors).most_common(20):
        print(f"    {times_met} × {error}")


def _show_minutes(tally: Tally, minutes: int) -> None:
    """The same, minute by minute: what slows down in the course of time would show here."""
    first = min(began for each in tally.times.values() for began, _seconds in each)
    for minute in range(minutes):
        times = [
            seconds
            for each in tally.times.values()
            for began, seconds in each
            if minute <= (began - first) / 60 < minute + 1
        ]
        if times:
            print(
                f"    minute {minute + 1:2d}: {len(times) / 60:6.1f} /s, p95 {1000 * percentile(times, 0.95):7.1f} ms"
            )


def _weights(installation: Installation) -> Weights:
    """PSS by kind of process; PostgreSQL's sessions come and go, so they are one kind."""
    found: Weights = {}
    for name, share, _alone in weigh(installation.pid):
        kind = "postgres" if name.startswith("postgres") else name
        found[kind] = found.get(kind, 0.0) + share
    return found


def _show_weights(what: str, weights: Mapping[str, Weights]) -> None:
    kinds = sorted({kind for each in weights.values() for kind in each})
    print(f"    {'PSS, MiB':24s}" + "".join(f"{moment:>16s}" for moment in weights))
    for kind in kinds:
        print(f"    {kind:24s}" + "".join(f"{each.get(kind, 0.0):16.1f}" for each in weights.values()))
    print(f"    {'all':24s}" + "".join(f"{sum(each.values()):16.1f}" for each in weights.values()), flush=True)
    for moment, each in weights.items():
        record(f"load, {what}: memory, {moment}", unit="MiB", parts=each)


def _check_books(installation: Installation, societies: int) -> None:
    """When everything has arrived, headquarters is the sum of its societies."""
    began = perf_counter()
    until(lambda: _is_quiet(installation) or None, "the end of all messages", patience=300)
    print(f"    all messages had arrived {perf_counter() - began:.1f} s after the last visit")
    compared = installation.manage("reconcile")
    print(f"    {compared.stdout.strip().splitlines()[-1]}")
    if f"{societies} societies compared, 0 differences." not in compared.stdout:
        raise RuntimeError(compared.stdout + compared.stderr)


def _is_quiet(installation: Installation) -> bool:
    rows = installation.demo.program("hq", "owner").all_rows("border/")
    return not any(row["undelivered"] or row["waiting"] or row["parked"] for row in rows)


if __name__ == "__main__":
    main(sizes(__doc__, minutes=10, clients=6, embedded=0, seed=1))
