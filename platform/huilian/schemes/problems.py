"""What is wrong with a scheme, said so that its author finds the place and knows what to write."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.utils.translation import gettext, gettext_noop

from kit.errors import Refusal


class Problem(msgspec.Struct, frozen=True):
    """One thing to correct; `place` leads to it, e.g. `categories.senior.route[1].clock`."""

    place: str
    template: str
    facts: dict[str, Any] = {}

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.facts

    def in_active_language(self) -> str:
        """The sentence in the reader's language; needs Django's settings."""
        return gettext(self.template) % self.facts

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class SchemeProblems(Refusal):
    """Refuse a scheme with everything that is wrong with it, not only with the first thing."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "scheme_invalid",
            gettext_noop("The scheme cannot be used yet:\n%(problems)s"),
            problems="\n".join(str(problem) for problem in self.problems),
        )

    def lines(self) -> list[str]:
        """Every problem as `place: message`, in the order of the file."""
        return [str(problem) for problem in self.problems]


def shown(value: object) -> str:
    """Repeat what somebody wrote, short and recognisable."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    if isinstance(value, str):
        return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
    return text[:40]
