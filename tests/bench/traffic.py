"""Clients of a load test: each chooses one visit after another, by chance that begins anew the same way."""

import random
from collections.abc import Callable, Mapping
from itertools import count
from threading import Lock
from time import perf_counter

from tests.bench.guests import Guests
from tests.bench.installed import Place
from tests.journeys.demo import Demo
from tests.journeys.office import Offices

# How often which visit is chosen; a visit is one to eight requests.
MIX = {"look_around": 40, "sign_in": 20, "read_lists": 20, "ask_api": 8, "join": 12}
CONSOLE = ("/console/society/", "/console/members/", "/console/applications/", "/console/codes/", "/console/journal/")
CONSOLE_HQ = (
    *CONSOLE,
    "/console/federation/",
    "/console/roll/",
    "/console/fees/",
    "/console/cases/",
    "/console/payments/",
)
API = ("/api/v1/members/", "/api/v1/applications/", "/api/v1/referral-codes/")
API_HQ = ("/api/v1/summary/", "/api/v1/roll/", "/api/v1/fees/", "/api/v1/cases/")
FIRST = 200_000  # people whom the demonstration does not know


class Traffic:
    """The clients, and everything that they know of the federation."""

    def __init__(self, demo: Demo, places: list[Place], guests: Guests, *, seed: int) -> None:
        self._demo, self._places, self._guests, self._seed = demo, places, guests, seed
        self._by_slug = {place.slug: place for place in places}
        self._cookies: dict[str, Mapping[str, str]] = {}
        self._people, self._turn, self._lock = count(FIRST), count(), Lock()
        self.visits = 0

    def sign_offices_in(self) -> None:
        """The owner of every society of the demonstration, once, as staff begin their day."""
        offices = Offices(self._demo)
        for slug in self._demo.hosts:
            jar = offices.browser(slug, "owner").jar
            self._cookies[slug] = {
                each.name: str(each.value) for each in jar if each.domain.startswith(f"{slug}.localhost")
            }

    def drive(self, client: int, until: float) -> None:
        """One client, until the time is over."""
        chance = random.Random(self._seed * 1000 + client)
        kinds, weights = list(MIX), list(MIX.values())
        while perf_counter() < until:
            kind = chance.choices(kinds, weights)[0]
            visit: Callable[[random.Random], None] = getattr(self, f"_{kind}")
            try:
                visit(chance)
            except Exception as error:  # whatever it is, it is counted and told
                self._guests.tally.complain(f"{kind}: {type(error).__name__}: {error}")
            self.visits += 1

    def _look_around(self, chance: random.Random) -> None:
        self._guests.look_around(self._places[next(self._turn) % len(self._places)], self._next())

    def _sign_in(self, chance: random.Random) -> None:
        who = self._guests.any_member(chance)
        if who is None:
            self._join(chance)
        else:
            self._guests.sign_in(who, self._next())

    def _read_lists(self, chance: random.Random) -> None:
        slug = chance.choice(list(self._cookies))
        paths = chance.sample(CONSOLE_HQ if slug == "hq" else CONSOLE, 3)
        self._guests.read_lists(self._by_slug[slug], self._cookies[slug], paths, self._next())

    def _ask_api(self, chance: random.Random) -> None:
        slug = chance.choice(list(self._demo.tokens))
        paths = list(API_HQ if slug == "hq" else API)
        self._guests.ask_api(self._by_slug[slug], self._demo.tokens[slug]["owner"], paths, self._next())

    def _join(self, chance: random.Random) -> None:
        societies = [place for place in self._places if place.slug != "hq"]
        self._guests.join(societies[next(self._turn) % len(societies)], self._next())

    def _next(self) -> int:
        with self._lock:
            return next(self._people)
