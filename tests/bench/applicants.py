"""Applicants for a category: from the category page to the application handed in, with the time of each step."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from time import perf_counter
from typing import Any

import psycopg
from PIL import Image
from psycopg.sql import SQL, Identifier

from config.demo.people import Person, answers
from huilian.schemes.loading import load_preset
from tests.bench.arena import NAME
from tests.bench.visiting import Answer, Door, Visitor

# What an applicant asks the server for, in this order.
STEPS = ("ticket", "form", "code", "post")
PHOTO = ("photo.jpg", "image/jpeg")


class Letters:
    """Where an applicant reads the code that was sent: the society's queue of letters.

    Many societies may share one connection.
    """

    def __init__(self, server: Any, society: Any, connection: "psycopg.Connection[Any] | None" = None) -> None:
        self._connection = connection or psycopg.connect(server.url(NAME, user=server.superuser), autocommit=True)
        self._query = SQL(
            "SELECT body FROM {} WHERE address = %s AND event = 'code.sent' ORDER BY queued_at DESC LIMIT 1"
        ).format(Identifier(society.schema_name, "notices_notice"))

    def code(self, address: str) -> str:
        row = self._connection.execute(self._query, (address,)).fetchone()
        found = re.search(r"\b\d{6}\b", row[0]) if row else None
        if found is None:
            raise RuntimeError(f"no code was sent to {address}")
        return found.group()

    def close(self) -> None:
        self._connection.close()


def address_of(number: int) -> str:
    """Each applicant comes from an address of their own: the site slows down many from one."""
    return f"127.{1 + number // 62500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}"


class Applicant:
    """Person `number` on the way into a category, with the seconds that each step took.

    Reading the letter with the code is not the server's time.
    """

    def __init__(self, host: str, category: str, number: int, letters: Letters) -> None:
        self.times: dict[str, float] = {}
        self._host, self._category, self._person, self._letters = host, category, Person(number), letters
        self._fields = _answers(category, self._person)
        self._contact = next(name for name in ("email", "mobile") if name in dict(self._fields))
        self.contact = dict(self._fields)[self._contact]
        self._photo = {"paper:photo": (*PHOTO, _photo())} if category != "student" else {}
        self._visitor: Visitor | None = None
        self._ticket = self._code = ""

    def ask_for_code(self, door: Door) -> None:
        """Choose the category, look at the form and have a code sent."""
        visitor = self._visitor = Visitor(door, self._host)
        choice = self._timed("ticket", 302, lambda: visitor.get(f"/join/?category={self._category}"))
        self._ticket = choice.location
        self._look(visitor)
        self._timed("code", 200, lambda: visitor.post("/apply/code/", [*self._form, ("by", self._contact)], {}))
        self._code = self._letters.code(self.contact)

    def hand_in(self, *, again: Door | None = None) -> tuple[Visitor, str]:
        """Send the form; who comes back by another door looks at it again before. Returns where one is led."""
        visitor = self._visitor
        assert visitor is not None
        if again is not None:
            visitor.come_by(again)
            self._look(visitor)
        sent = [*self._form, ("confirm", self._contact), ("code", self._code), ("act", "submit")]
        done = self._timed("post", 302, lambda: visitor.post("/apply/", sent, self._photo))
        return visitor, done.location

    def _look(self, visitor: Visitor) -> None:
        page = self._timed("form", 200, lambda: visitor.get(self._ticket))
        consents = [(name, "on") for name in set(re.findall(r'name="(consent:[^"]+)"', page.text))]
        hidden = [(name, page.hidden(name)) for name in ("csrfmiddlewaretoken", "t")]
        self._form = [*hidden, *self._fields, *consents]

    def _timed(self, step: str, status: int, ask: Callable[[], Answer]) -> Answer:
        start = perf_counter()
        answer = ask()
        self.times[step] = perf_counter() - start
        if answer.status != status:
            what = f"{self._category} {self._person.n}: {step} was answered {answer.status}"
            raise RuntimeError(f"{what}: {_errors(answer)}")
        return answer


def _answers(category: str, person: Person) -> list[tuple[str, str]]:
    asked = _categories()[category]
    given = {"mobile": person.phone, **answers(asked, person)}
    return [
        (code, str(each))
        for code, value in given.items()
        for each in (value if isinstance(value, list | tuple) else [value])
    ]


@lru_cache(maxsize=1)
def _categories() -> Mapping[str, Any]:
    return {category.code: category for category in load_preset("cmes").categories}


@lru_cache(maxsize=1)
def _photo() -> bytes:
    """A portrait as a phone would send it after scaling: 900 × 1200, about 300 kB."""
    noise = Image.effect_noise((450, 600), 40).resize((900, 1200), Image.Resampling.BICUBIC)
    colours = Image.merge("RGB", (noise, Image.linear_gradient("L").resize((900, 1200)), noise))
    target = BytesIO()
    colours.save(target, "JPEG", quality=90)
    return target.getvalue()


def _errors(answer: Answer) -> str:
    marks = re.findall(r'class="[^"]*err[^"]*"[^>]*>(.{0,200})', answer.text, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", " | ".join(marks) or answer.text[:400])
