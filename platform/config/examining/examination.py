"""What an examination is, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class Stage(Enum):
    """What has to be there before it can be asked."""

    SETTINGS = "settings"  # nothing: the environment alone
    DATABASE = "database"
    RUNNING = "running"  # the whole installation


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be, and what to do about it."""

    sentence: str
    remedy: str
    only_warn: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; nothing is wrong without a fault."""

    found: str
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Examination:
    """A number that stays (`huilian.E001`), what is looked at in words, and the question itself."""

    number: int
    looked_at: str
    ask: Callable[[], Answer]
    stage: Stage

    def id_of(self, fault: Fault) -> str:
        return f"huilian.{'W' if fault.only_warn else 'E'}{self.number:03}"
