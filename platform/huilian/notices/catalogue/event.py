"""What a letter in the catalogue is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

# Every letter may name these; whoever tells need not.
ALWAYS = frozenset({"society", "link"})


@dataclass(frozen=True, slots=True)
class Letter:
    """One event in one language. `{fact}` is filled in; a line whose optional fact is missing is left out.

    Empty lines part the paragraphs of an e-mail. The lines of an SMS are its sentences, put together when \
sent.
    """

    subject: str
    email: str
    sms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something worth telling: the facts it needs, its words in both languages, how long they are true."""

    name: str
    needs: frozenset[str]
    may_have: frozenset[str] = frozenset()
    zh: Letter
    en: Letter
    example: Mapping[str, object]
    must_say: frozenset[str] = frozenset()  # a letter worded anew still names these
    secret: bool = False  # holds a code or a link that lets somebody in: forgotten once it is sent
    stale_after: timedelta | None = field(default=None)  # after that it helps nobody, and is not sent

    @property
    def facts(self) -> frozenset[str]:
        return self.needs | self.may_have | ALWAYS

    def letter(self, language: str) -> Letter:
        return self.en if is_english(language) else self.zh


def is_english(language: str) -> bool:
    """Tell which of the two languages a reader gets: English for en, en-GB…, Chinese for everyone else."""
    return language.lower().replace("_", "-").split("-")[0] == "en"
