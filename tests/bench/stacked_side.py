"""One side of `stacked`: a running installation, asked over HTTP, and its border watched."""

import json
import sys
from argparse import Namespace
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.figures import show_alone
from tests.bench.installed import Books, Place, port_of
from tests.bench.visiting import HttpDoor, Visitor
from tests.journeys.installation import Installation
from tests.journeys.office import Offices

FIRST = 100_000  # people whom the demonstration does not know


def main() -> None:
    told = json.loads(sys.argv[2])
    installation = Installation(Path(sys.argv[1]), environ=told.pop("environment"))
    wishes = Namespace(**told)
    import django

    django.setup()
    places = {place.slug: place for place in Books(installation).places()}
    measure_submissions(installation, places["welding"], wishes)
    measure_pages(installation, wishes)
    measure_lag(installation, places, wishes)


def measure_submissions(installation: Installation, society: Place, wishes: Namespace) -> None:
    """A student's application; form and post, and the whole visit, by one client and by four."""
    from tests.bench.joining import AIMS, Site, show

    site = Site(Books(installation), society, port_of(installation), count(FIRST))
    site.race("student", 8, clients=4, whole=True)  # warms up
    for clients in AIMS:
        for whole in (False, True):
            show(site, "student", wishes.title, clients, wishes, whole=whole)


def measure_pages(installation: Installation, wishes: Namespace) -> None:
    """Every page that takes no parameter: what the public sees, a society's console, headquarters' console."""
    from huilian.portals.policies import POLICIES
    from tests.bench.lists import WHOLE, pages

    offices = Offices(installation.demo)
    for slug, urls in (("welding", "config.urls.society"), ("hq", "config.urls.headquarters")):
        visitor, door = _visitor(installation, offices, slug)
        times: dict[str, list[float]] = {}
        for name, path in pages(urls):
            kind = "public pages" if POLICIES.get(name) == "public" else f"console of {slug}"
            is_page = path.endswith("/") and name not in WHOLE  # the rest are files
            if is_page and visitor.get(path).status == 200:
                times.setdefault(kind, []).extend(_timed(visitor, path) for _ in range(wishes.repeat))
        door.close()
        for kind, seconds in times.items():
            if slug == "hq" or kind != "public pages":
                show_alone(f"{kind}, {wishes.title}", seconds, "ms")


def measure_lag(installation: Installation, places: dict[str, Place], wishes: Namespace) -> None:
    """From the commit of a report until it is on headquarters' roll."""
    from tenants import registry
    from tests.bench.lag import watch_reports

    societies = [each for each in registry.street_map().by_number.values() if each.slug != "hq"]
    lags = watch_reports(
        Books(installation), places["hq"], societies, seconds=wishes.seconds, every=1 / wishes.per_second
    )
    show_alone(f"lag, {wishes.per_second} a second for {wishes.seconds} s, {wishes.title}", lags, "s")


def _visitor(installation: Installation, offices: Offices, slug: str) -> tuple[Visitor, HttpDoor]:
    jar = offices.browser(slug, "owner").jar
    cookies = {each.name: str(each.value) for each in jar if each.domain.startswith(f"{slug}.localhost")}
    door: Any = HttpDoor(port_of(installation), address="127.0.0.9")
    return Visitor(door, f"{slug}.localhost:{port_of(installation)}", cookies=cookies), door


def _timed(visitor: Visitor, path: str) -> float:
    start = perf_counter()
    visitor.get(path)
    return perf_counter() - start


if __name__ == "__main__":
    main()
