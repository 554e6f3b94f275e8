"""Applicants for a category: from the category page to the application handed in, with the time of each step."""

import re
from collections.abc import Mapping
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
    """Where an applicant reads the code that was sent: the society's queue of letters."""

    def __init__(self, server: Any, society: Any) -> None:
        self._connection = psycopg.connect(server.url(NAME, user=server.superuser), autocommit=True)
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


def join(door: Door, host: str, category: str, number: int, letters: Letters) -> dict[str, float]:
    """Person `number` joins; seconds of each step. Reading the letter is not the server's time."""
    person, visitor = Person(number), Visitor(door, host)
    times: dict[str, float] = {}
    fields = dict(_answers(category, person))
    contact = "email" if "email" in fields else "mobile"
    photo = {"paper:photo": (*PHOTO, _photo())} if category != "student" else {}

    def timed(step: str, answer: Answer, status: int) -> Answer:
        times[step] = perf_counter() - start
        if answer.status != status:
            raise RuntimeError(f"{category} {number}: {step} was answered {answer.status}: {_errors(answer)}")
        return answer

    start = perf_counter()
    ticket = timed("ticket", visitor.get(f"/join/?category={category}"), 302).location
    start = perf_counter()
    page = timed("form", visitor.get(ticket), 200)
    hidden = {name: page.hidden(name) for name in ("csrfmiddlewaretoken", "t")}
    consents = dict.fromkeys(set(re.findall(r'name="(consent:[^"]+)"', page.text)), "on")
    form = [*hidden.items(), *_answers(category, person), *consents.items()]
    start = perf_counter()
    timed("code", visitor.post("/apply/code/", [*form, ("by", contact)], {}), 200)
    code = letters.code(fields[contact])
    start = perf_counter()
    sent = [*form, ("confirm", contact), ("code", code), ("act", "submit")]
    timed("post", visitor.post("/apply/", sent, photo), 302)
    visitor.leave()
    return times


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
