"""Applications submitted per second over HTTP, and where the time goes. `python -m tests.bench.joining`

Each applicant opens the category, gets the form, has a code sent, reads it and hands in, over a connection of their
own, with cookies and CSRF tokens: the whole visit is four requests. "Form and post" are two of them, as the peer was
measured: the code was sent before. An ordinary member's application carries a photo. The servers are those of `make
run`, with a database that keeps what it is told.
"""

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from itertools import count
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.bench.arena import AT, arena, open_headquarters, open_many
from tests.bench.figures import Aim, record, show_alone, sizes
from tests.bench.running import await_true, programs, running, workers

if TYPE_CHECKING:
    from tests.bench.applicants import Applicant
    from tests.bench.visiting import Door

CATEGORIES = ("student", "ordinary")
# Form and post: twenty times what Tendenci 16.30 did on such a machine with as many clients.
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
        ("as shipped", 2, [builder.worker(), builder.beat()]),
        ("one web process", 1, [builder.worker(), builder.beat()]),
    ):
        web = builder.web([f"127.0.0.1:{wishes.port}"])
        web = type(web)(web.name, workers(web.arguments, processes), web.environment, web.stop_within)
        with running(web, *others):
            await_true(lambda: answers(wishes.port), within=60, what="the web process")
            site = Site(server, society, wishes.port)
            for category in CATEGORIES:
                site.race(category, 2 * processes, clients=1, whole=True)  # warms up
                for clients in AIMS:
                    for whole in (False, True):
                        show(site, category, title, clients, wishes, whole=whole)


def show(site: "Site", category: str, title: str, clients: int, wishes: Namespace, *, whole: bool) -> None:
    """Race `rounds` times, and say how many applications a second and how long each step took."""
    runs = [site.race(category, wishes.applications, clients=clients, whole=whole) for _ in range(wishes.rounds)]
    what = f"{category}, {clients} client{'s' if clients > 1 else ''}, {title}"
    title = f"{what}, {'whole visit' if whole else 'form and post'}"
    show_alone(title, [run.rate for run in runs], "/s", aim=None if whole else AIMS[clients])
    steps = [each for run in runs for each in run.times]
    medians = {step: 1000 * median(each[step] for each in steps) for step in steps[0]}
    ours = 100 * median(run.busy for run in runs)
    print("    medians: " + ", ".join(f"{step} {each:.1f} ms" for step, each in medians.items()), end="")
    print(f"; the clients themselves took {ours:.0f} % of one processor", flush=True)
    record(f"{title}: steps", unit="ms", medians=medians, clients_busy_percent=ours)


class Run(NamedTuple):
    """What one race found."""

    rate: float  # applications per second
    times: list[dict[str, float]]  # seconds of each step of each applicant
    busy: float  # the share of a processor that the applicants themselves took


class Site:
    """A society's site, and applicants racing through it."""

    def __init__(self, server: Any, society: Any, port: int, people: Iterator[int] = persons) -> None:
        self._server, self._society, self._port, self._people = server, society, port, people

    def race(self, category: str, applications: int, *, clients: int, whole: bool) -> Run:
        """So many applications by so many clients at once; of each the whole visit, or form and post only."""
        shares = [[next(self._people) for _ in range(applications // clients)] for _client in range(clients)]
        with ThreadPoolExecutor(clients) as pool:
            ready = list(pool.map(lambda share: self._prepare(category, share, whole=whole), shares))
            start, busy = perf_counter(), time.process_time()
            times = [each for done in pool.map(lambda share: self._join(share, whole=whole), ready) for each in done]
            wall = perf_counter() - start
            return Run(len(times) / wall, times, (time.process_time() - busy) / wall)

    def _prepare(self, category: str, numbers: Sequence[int], *, whole: bool) -> "list[tuple[int, Applicant]]":
        from tests.bench.applicants import Applicant, Letters

        letters = Letters(self._server, self._society)
        host = f"{self._society.slug}.localhost:{self._port}"
        applicants = [(number, Applicant(host, category, number, letters)) for number in numbers]
        if not whole:
            for number, applicant in applicants:
                with self._door(number) as door:
                    applicant.ask_for_code(door)
        return applicants

    def _join(self, applicants: "list[tuple[int, Applicant]]", *, whole: bool) -> list[dict[str, float]]:
        for number, applicant in applicants:
            with self._door(number) as door:
                if whole:
                    applicant.ask_for_code(door)
                applicant.hand_in(again=None if whole else door)
        return [applicant.times for _number, applicant in applicants]

    def _door(self, number: int) -> "AbstractContextManager[Door]":
        from tests.bench.applicants import address_of
        from tests.bench.visiting import HttpDoor

        return closing(HttpDoor(self._port, address=address_of(number)))


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
