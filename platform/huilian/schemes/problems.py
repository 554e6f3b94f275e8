"""What is wrong with a scheme, said so that its author finds the place and knows what to write."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.utils.translation import gettext

from kit.errors import Refusal


def gettext_noop(words: str) -> str:
    """Mark words for translation. Django's own asks for settings, and scheme files are read without any."""
    return words


class Problem(msgspec.Struct, frozen=True):
    """One thing to correct; `place` leads to it, e.g. `categories.senior.route[1].clock`.

    `got` is what stands there instead of what was expected; `missing` says that nothing does.
    """

    place: str
    template: str
    facts: dict[str, Any] = {}
    got: str | None = None
    missing: bool = False

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self._said(lambda words: words)

    def in_active_language(self) -> str:
        """The sentence in the reader's language; needs Django's settings."""
        return self._said(lambda words: gettext(words) if words else words)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def _said(self, translate: Callable[[str], str]) -> str:
        facts = {
            name: translate(fact) if isinstance(fact, str) else fact for name, fact in self.facts.items()
        }
        sentence = translate(self.template) % facts if facts else translate(self.template)
        if self.missing:
            return translate(gettext_noop("missing: %(sentence)s")) % {"sentence": sentence}
        if self.got is not None:
            return translate(gettext_noop("%(sentence)s, got %(got)s")) % {
                "sentence": sentence,
                "got": self.got,
            }
        return sentence


class SchemeProblems(Refusal):
    """Refuse a scheme with everything that is wrong with it, not only with the first thing."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "scheme_invalid",
            gettext_noop("The scheme cannot be used yet:\n%(problems)s"),
            problems="\n".join(self.lines()),
        )

    def lines(self) -> list[str]:
        """Every problem as `place: message`: first what could not be read, then what contradicts itself."""
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
    short = f"{text[:40]}…" if len(text) > 40 else text
    return f'"{short}"' if isinstance(value, str) else short
