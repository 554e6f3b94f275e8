"""What people do at a running installation, request by request, and how long each answer took."""

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from tests.bench.applicants import Applicant, Letters, address_of
from tests.bench.installed import Place
from tests.bench.visiting import Answer, HttpDoor, Visitor

FRONT_DOORS = ("/", "/join/", "/sign-in/")
PASSWORD = "a-Walk-2026-by-the-river"


@dataclass
class Tally:
    """Seconds of every answer by what was asked, and what went wrong; several clients write at once."""

    times: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def note(self, what: str, began: float, seconds: float) -> None:
        with self._lock:
            self.times[what].append((began, seconds))

    def complain(self, what: str) -> None:
        with self._lock:
            self.errors.append(what)

    def seconds(self, what: str = "") -> list[float]:
        """Of one thing, or of all."""
        found = [self.times[what]] if what else self.times.values()
        return [seconds for each in found for _began, seconds in each]


class TimedDoor(HttpDoor):
    """A connection whose answers are counted under the name of the visit."""

    def __init__(self, port: int, *, address: str, tally: Tally, what: str) -> None:
        super().__init__(port, address=address)
        self._tally, self._what = tally, what

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        began = perf_counter()
        answer = super().ask(method, path, headers, body)
        self._tally.note(self._what, began, perf_counter() - began)
        return answer


@dataclass(frozen=True)
class Known:
    """Somebody who can sign in."""

    place: Place
    identifier: str
    password: str


@dataclass
class Guests:
    """Visits to the societies of one installation; each method is one visit over a connection of its own."""

    port: int
    tally: Tally
    letters: Mapping[str, Letters]  # by schema
    members: list[Known] = field(default_factory=list)

    def look_around(self, place: Place, number: int) -> None:
        """The front doors of a society."""
        with closing(self._door(number, "front door")) as door:
            visitor = Visitor(door, self._host(place))
            for path in FRONT_DOORS:
                _expect(visitor.get(path), 200, path)

    def sign_in(self, who: Known, number: int, *, look_at: str = "/my/") -> dict[str, str]:
        """By name and password, as staff or member; returns the cookies that came of it."""
        with closing(self._door(number, "sign-in")) as door:
            visitor = Visitor(door, self._host(who.place))
            page = _expect(visitor.get("/sign-in/"), 200, "/sign-in/")
            token = ("csrfmiddlewaretoken", page.hidden("csrfmiddlewaretoken"))
            fields = [token, ("identifier", who.identifier), ("password", who.password), ("next", "")]
            _expect(visitor.post("/sign-in/", fields, {}), 302, "sign-in")
        with closing(self._door(number, "member page" if look_at == "/my/" else "console")) as door:
            visitor.come_by(door)
            _expect(visitor.get(look_at), 200, look_at)
        return visitor.cookies

    def read_lists(self, place: Place, cookies: Mapping[str, str], paths: list[str], number: int) -> None:
        """Pages of a console."""
        with closing(self._door(number, "console")) as door:
            visitor = Visitor(door, self._host(place), cookies=cookies)
            for path in paths:
                _expect(visitor.get(path), 200, path)

    def ask_api(self, place: Place, token: str, paths: list[str], number: int) -> None:
        """Lists of the API."""
        headers = {"Host": self._host(place), "Authorization": f"Bearer {token}"}
        with closing(self._door(number, "API")) as door:
            for path in paths:
                _expect(door.ask("GET", path, headers, b""), 200, path)

    def join(self, place: Place, number: int) -> None:
        """A student from the category to the member's own password: eight requests."""
        applicant = Applicant(self._host(place), "student", number, self.letters[place.schema_name])
        with closing(self._door(number, "joining")) as door:
            applicant.ask_for_code(door)
            visitor, where = applicant.hand_in()
            thanks = _expect(visitor.get(where), 200, "thanks")
            token = ("csrfmiddlewaretoken", thanks.hidden("csrfmiddlewaretoken"))
            _expect(visitor.post("/my/password/", [token, ("password", PASSWORD)], {}), 302, "password")
        self.members.append(Known(place, applicant.contact, PASSWORD))

    def any_member(self, chance: random.Random) -> Known | None:
        return chance.choice(self.members) if self.members else None

    def _door(self, number: int, what: str) -> TimedDoor:
        return TimedDoor(self.port, address=address_of(number), tally=self.tally, what=what)

    def _host(self, place: Place) -> str:
        return f"{place.slug}.localhost:{self.port}"


def _expect(answer: Answer, status: int, what: str) -> Answer:
    if answer.status != status:
        words = re.sub(r"<[^>]+>|\s+", " ", answer.text)[:300]
        raise RuntimeError(f"{what} was answered {answer.status}, not {status}: {words}")
    return answer
