"""Applications submitted per second over HTTP, and where the time goes. `python -m tests.bench.joining`

Each applicant opens the category, gets the form, has a code sent, reads it and hands in: four requests over a
connection of their own, with cookies and CSRF tokens. An ordinary member's application carries a photo. The servers are
those of `make run`, with a database that keeps what it is told.
"""

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

from tests.bench.arena import AT, arena, open_headquarters, open_many
from tests.bench.figures import Aim, record, show_alone, sizes
from tests.bench.running import await_true, programs, running, workers

CATEGORIES = ("student", "ordinary")
# Twenty times what Tendenci 16.30 did on such a machine with as many clients.
AIMS = {1: Aim(">=", 18), 4: Aim(">=", 38)}
persons = count(1)


def main(wishes: Namespace) -> None:
    with arena(durable=True, BROKER_URL="filesystem://localhost/", HUILIAN_PORT=str(wishes.port)) as server:
        society = _open(wishes)
        if wishes.rounds:
            _measure_over_http(server, society, wishes)
        _look_inside(server, society, wishes)


def _open(wishes: Namespace) -> Any:
    """Headquarters and one branch, with the scheme of the Chinese Mechanical Engineering Society."""
    from federation import pump
    from huilian.schemes.loading import load_preset
    from huilian.schemes.services import publish_scheme
    from tenants.context import inside

    headquarters = open_headquarters()
    society = open_many(1)[0]
    with inside(headquarters):
        publish_scheme(load_preset("cmes"), by="bench", at=AT)
    pump()
    return society


def _measure_over_http(server: Any, society: Any, wishes: Namespace) -> None:
    from config.launcher.supervisor import answers

    builder = programs(server, port=wishes.port)
    for title, processes, others in (
        ("web alone", 1, []),
        ("whole stack", 1, [builder.worker(), builder.beat()]),
        ("whole stack, 2 processes", 2, [builder.worker(), builder.beat()]),
    ):
        web = builder.web([f"127.0.0.1:{wishes.port}"])
        web = type(web)(web.name, workers(web.arguments, processes), web.environment, web.stop_within)
        with running(web, *others):
            await_true(lambda: answers(wishes.port), within=60, what="the web process")
            for category in CATEGORIES:
                _race(server, society, category, 2 * processes, clients=1, port=wishes.port)  # warms up
                for clients in AIMS:
                    _show(server, society, category, title, clients, wishes)


def _show(server: Any, society: Any, category: str, title: str, clients: int, wishes: Namespace) -> None:
    rates, steps = [], []
    busy = time.process_time()
    start = perf_counter()
    for _ in range(wishes.rounds):
        rate, times = _race(server, society, category, wishes.applications, clients=clients, port=wishes.port)
        rates.append(rate)
        steps += times
    what = f"{category}, {clients} client{'s' if clients > 1 else ''}, {title}"
    show_alone(what, rates, "/s", aim=AIMS[clients])
    medians = {step: 1000 * median(each[step] for each in steps) for step in steps[0]}
    ours = 100 * (time.process_time() - busy) / (perf_counter() - start)
    print("    medians: " + ", ".join(f"{step} {each:.1f} ms" for step, each in medians.items()), end="")
    print(f"; the clients themselves took {ours:.0f} % of one processor", flush=True)
    record(f"{what}: steps", unit="ms", medians=medians, clients_busy_percent=ours)


def _race(
    server: Any, society: Any, category: str, applications: int, *, clients: int, port: int
) -> tuple[float, list[dict[str, float]]]:
    """Applications per second, and the seconds of every step of each."""
    shares: list[Sequence[int]] = [
        [next(persons) for _ in range(applications // clients)] for _client in range(clients)
    ]

    def run(share: Sequence[int]) -> list[dict[str, float]]:
        return list(_join_all(server, society, category, share, port))

    with ThreadPoolExecutor(clients) as pool:
        start = perf_counter()
        times = [each for done in pool.map(run, shares) for each in done]
        return len(times) / (perf_counter() - start), times


def _join_all(
    server: Any, society: Any, category: str, numbers: Sequence[int], port: int
) -> Iterator[dict[str, float]]:
    from tests.bench.applicants import Letters, address_of, join
    from tests.bench.visiting import HttpDoor

    letters = Letters(server, society)
    for number in numbers:
        door = HttpDoor(port, address=address_of(number))
        yield join(door, f"{society.slug}.localhost:{port}", category, number, letters)
    letters.close()


def _look_inside(server: Any, society: Any, wishes: Namespace) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    from tests.bench.applicants import Letters
    from tests.bench.dissecting import count_queries, show_breakdown, start_watching

    handler, host = WSGIHandler(), f"{society.slug}.localhost:{wishes.port}"
    letters = Letters(server, society)
    for category in CATEGORIES:
        count_queries(handler, host, category, letters)
    watch = start_watching()
    for category in CATEGORIES:
        show_breakdown(watch, handler, host, category, letters, repeat=wishes.inside)


if __name__ == "__main__":
    main(sizes(__doc__, applications=100, rounds=3, inside=50, port=8099))
