"""Clients that do not give up: what failed on the way is asked again, with the same key or the same form."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from tests.journeys.browser import Browser
from tests.journeys.program import Program, Reply
from tests.journeys.web import Answer

Done = TypeVar("Done")
PATIENCE = 240.0  # seconds for one step: longer than a lost key is kept for its owner, and any recovery
AGAIN_AFTER = 0.25


class Unserved(Exception):
    """Nobody answered, or answered that it is not possible at this moment."""


@dataclass
class Troubles:
    """What the clients met with, counted."""

    met: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def note(self, what: str) -> None:
        with self._lock:
            self.met[what] += 1


def persist(act: Callable[[], Done], troubles: Troubles, *, patience: float = PATIENCE) -> Done:
    """Do it until it is done; an answer that is a refusal is one, and is returned."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return act()
        except Unserved as failed:
            troubles.note(str(failed))
            last: Exception = failed
        except OSError as failed:
            troubles.note(type(failed).__name__)
            last = failed
        if time.monotonic() > deadline:
            raise AssertionError(f"not served within {patience:.0f} s: {last!r}")
        time.sleep(AGAIN_AFTER)


def post(program: Program, path: str, body: object, *, key: str, troubles: Troubles) -> Reply:
    """Post under one key until there is an answer to it."""

    def once() -> Reply:
        reply = program.post(path, body, key=key)
        if reply.status >= 500 or reply.status == 429 or reply.code == "idempotency_key_running":
            raise Unserved(f"{reply.status} {reply.code}".strip())
        return reply

    return persist(once, troubles)


def get(program: Program, path: str, *, troubles: Troubles, **query: object) -> Reply:
    def once() -> Reply:
        reply = program.get(path, **query)
        if reply.status != 200:
            raise Unserved(f"{reply.status} {reply.code}".strip())
        return reply

    return persist(once, troubles)


class PatientBrowser(Browser):
    """A browser whose user never takes an excuse for a page."""

    def ask(self, method: str, url: str, **options: Any) -> Answer:
        answer = super().ask(method, url, **options)
        if answer.status >= 500 or answer.status == 429:
            raise Unserved(str(answer.status))
        return answer
