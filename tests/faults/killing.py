"""`kill -9` of what one launcher runs, found as its descendants and by nothing else; and the time to recover."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

import psutil

from tests.faults.persistence import Troubles, Unserved, persist
from tests.journeys.installation import Installation
from tests.journeys.program import Program

# Without these messages stand still until the sweep; pages are served meanwhile.
CARRIERS = ("worker", "worker's child", "redis", "rabbitmq")
RECOVERS_WITHIN = 120.0  # seconds after which we stop waiting; what is allowed is the test's to say
TARGETS = ("web worker", "database", "worker", "web", "beat", "database session")
STACK_TARGETS = (*TARGETS, "worker's child", "provisioner", "pooler", "redis", "nginx")


@dataclass(frozen=True)
class Kill:
    """What was killed, and the seconds until it did its work again."""

    target: str
    pid: int
    seconds: float


@dataclass
class Killer:
    """Kills one thing after another, waits until it has recovered, and lets it work for a moment.

    `rounds` of all targets, or until it is stopped where that is 0.
    """

    installation: Installation
    chance: random.Random
    targets: Sequence[str] = TARGETS
    rounds: int = 0
    pause: tuple[float, float] = (0.5, 2.5)  # seconds of peace between two kills
    kills: list[Kill] = field(default_factory=list)
    failed: BaseException | None = None
    first_round: Event = field(default_factory=Event)  # everything has been killed once
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._work, name="killer")
        self._thread.start()

    def stop(self) -> None:
        """Kill no more; raises what went wrong."""
        self._over.set()
        assert self._thread is not None
        self._thread.join()
        if self.failed is not None:
            raise self.failed

    def _work(self) -> None:
        try:
            done = 0
            while not self._over.is_set() and (self.rounds == 0 or done < self.rounds):
                for target in self.targets:
                    if self._over.wait(self.chance.uniform(*self.pause)):
                        return
                    self.kills.append(self.kill(target))
                done += 1
                self.first_round.set()
        except BaseException as error:
            self.failed = error
        finally:
            self.first_round.set()

    def kill(self, target: str) -> Kill:
        """End it without a word, and time its recovery."""
        victim, began = persist(lambda: self._end(target), Troubles(), patience=RECOVERS_WITHIN)
        self._await_recovery(target, victim.pid)
        return Kill(target, victim.pid, time.monotonic() - began)

    def _end(self, target: str) -> tuple[psutil.Process, float]:
        """Who was killed, and when."""
        victim, began = self._find(target), time.monotonic()
        try:
            victim.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:  # a session of the database ended by itself just now
            raise Unserved(f"no {target} any more") from None
        return victim, began

    def _await_recovery(self, target: str, old: int) -> None:
        def is_there_again() -> None:
            if target == "database session":
                if _lives(old):
                    raise Unserved("still dying")
            elif self._find(target).pid == old:
                raise Unserved("still dying")

        persist(is_there_again, Troubles(), patience=RECOVERS_WITHIN)
        if target in CARRIERS:
            persist(self._carries, Troubles(), patience=RECOVERS_WITHIN)
        elif target not in ("beat", "provisioner"):
            persist(self._answers, Troubles(), patience=RECOVERS_WITHIN)

    def _answers(self) -> None:
        """A page with rows from headquarters' database."""
        reply = self._officer.get("roll/", page_size=1)
        if reply.status != 200:
            raise Unserved(str(reply.status))

    def _carries(self) -> None:
        """A message goes through outbox, relay and inbox, twice over."""
        owner = self.installation.demo.program("hq", "owner")
        asked = owner.post("reconciliations/", {"societies": ["100"]})
        if asked.status != 202:
            raise Unserved(str(asked.status))

        def has_come() -> None:
            reply = owner.get(f"reconciliations/{asked.data['results'][0]['id']}/")
            if reply.status != 200 or not reply.data["answered_at"]:
                raise Unserved("no statement yet")

        persist(has_come, Troubles(), patience=RECOVERS_WITHIN)

    @property
    def _officer(self) -> Program:
        return self.installation.demo.program("hq", "officer")

    def _find(self, target: str) -> psutil.Process:
        """The process as it is now, among the launcher's own descendants."""
        try:
            launcher = psutil.Process(self.installation.pid)
            for process in launcher.children(recursive=True):
                if _IS[target](process, launcher):
                    return process
        except psutil.NoSuchProcess:
            pass  # it ended while we looked
        raise Unserved(f"no {target} at this moment")


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:  # at any moment, also between two looks
        return False


def _said(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


def _own(word: str) -> Callable[[psutil.Process, psutil.Process], bool]:
    return lambda process, launcher: process.ppid() == launcher.pid and word in _said(process)


def _is_web_worker(process: psutil.Process, launcher: psutil.Process) -> bool:
    return "gunicorn" in _said(process) and process.ppid() != launcher.pid


def _is_workers_child(process: psutil.Process, launcher: psutil.Process) -> bool:
    return "--pool=prefork" in _said(process) and process.ppid() != launcher.pid


def _is_worker(process: psutil.Process, launcher: psutil.Process) -> bool:
    return _own("config.celery worker")(process, launcher) and "--queues=provision" not in _said(process)


def _is_session(process: psutil.Process, launcher: psutil.Process) -> bool:
    """A server process that works for a society; its death makes the whole database recover."""
    return _said(process).startswith("postgres: huilian_s_") and process.ppid() != launcher.pid


_IS: dict[str, Callable[[psutil.Process, psutil.Process], bool]] = {
    "web": _own("gunicorn"),
    "web worker": _is_web_worker,
    "worker": _is_worker,
    "beat": _own("config.beat beat"),
    "database": _own("/bin/postgres -D"),
    "database session": _is_session,
    "worker's child": _is_workers_child,
    "provisioner": _own("--queues=provision"),
    "pooler": _own("pgbouncer"),
    "redis": _own("redis-server"),
    "rabbitmq": _own("rabbit"),
    "nginx": _own("nginx: master"),
}
