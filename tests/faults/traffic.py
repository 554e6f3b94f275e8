"""People at several societies at once, who write and read without end; each answer is kept."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.journeys.demo import Demo
from tests.journeys.web import Line


@dataclass(frozen=True)
class Asked:
    """One request: where, what for, from when to when (seconds of the clock), and its trouble; none if all was well."""

    society: str
    what: str
    at: float
    ended: float
    trouble: str


@dataclass
class Traffic:
    """`writing` mint referral codes and read; `reading` are only read."""

    demo: Demo
    writing: Sequence[str]
    reading: Sequence[str] = ()
    threads: int = 3
    asked: list[Asked] = field(default_factory=list)
    _over: Event = field(default_factory=Event)
    _working: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        self._working = [Thread(target=self._work, args=(seed,)) for seed in range(self.threads)]
        for thread in self._working:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._working:
            thread.join()

    def troubles(self, society: str) -> list[Asked]:
        return [each for each in self.asked if each.society == society and each.trouble]

    def count(self) -> Counter[str]:
        return Counter(each.society for each in self.asked)

    def _work(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self._over.is_set():
            society = chance.choice([*self.writing, *self.reading])
            acts = ["page", "list", *(["mint", "mint"] if society in self.writing else [])]
            what, at = chance.choice(acts), time.monotonic()
            try:
                status = self._act(society, what)
                trouble = "" if status in (200, 201) else str(status)
            except OSError as error:
                trouble = repr(error)
            self.asked.append(Asked(society, what, at, time.monotonic(), trouble))
            time.sleep(0.02)

    def _act(self, society: str, what: str) -> int:
        if what == "page":
            return Line().ask("GET", self.demo.hosts[society], headers={"User-Agent": "stranger"}).status
        program = self.demo.program(society, "owner")
        if what == "list":
            return program.get("members/", page_size=20).status
        return program.post("referral-codes/", {"label": "in traffic"}).status
