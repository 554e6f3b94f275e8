"""What every message has."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A message's content. `subject` is what it is about: messages on one subject are handled in order."""

    name: ClassVar[str]
    version: ClassVar[int] = 1

    @property
    def subject(self) -> str:
        raise NotImplementedError
