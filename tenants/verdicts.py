"""The two phases of a change to tables in use, and the faults that belong to neither."""

from dataclasses import dataclass

EXPAND, CONTRACT = "expand", "contract"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is broken, and what to do instead."""

    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.sentence} [{self.code}]"
