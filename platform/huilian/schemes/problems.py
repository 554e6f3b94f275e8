"""What is wrong with a scheme, said so that its author finds the place and knows what to write."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext

from kit.errors import Refusal


def gettext_noop(words: str) -> str:
    """Mark words for translation. Django's own asks for settings, and scheme files are read without any."""
    return words


# What may stand in a file instead of what was expected, other than the words themselves.
_NOTHING = gettext_noop("nothing")
_MAPPING = gettext_noop("a mapping")
_LIST = gettext_noop("a list")


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
        return self._said(gettext)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def _said(self, translate: Callable[[str], str]) -> str:
        sentence = translate(self.template) % self.facts if self.facts else translate(self.template)
        if self.missing:
            return translate(gettext_noop("missing: %(sentence)s")) % {"sentence": sentence}
        if self.got is not None:
            got = translate(self.got) if self.got in (_NOTHING, _MAPPING, _LIST) else self.got
            return translate(gettext_noop("%(sentence)s, got %(got)s")) % {"sentence": sentence, "got": got}
        return sentence


class SchemeProblems(Refusal):
    """Refuse a scheme with everything that is wrong with it, not only with the first thing."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("scheme_invalid", gettext_noop("The scheme cannot be used yet:\n%(problems)s"))

    def __str__(self) -> str:
        """In the reader's language; in English where Django has no settings."""
        if not settings.configured:
            return str(self.sentence) % {"problems": "\n".join(self.lines())}
        lines = [f"{problem.place}: {problem.in_active_language()}" for problem in self.problems]
        return gettext(str(self.sentence)) % {"problems": "\n".join(lines)}

    def lines(self) -> list[str]:
        """Every problem as `place: message`: first what could not be read, then what contradicts itself."""
        return [str(problem) for problem in self.problems]


def shown(value: object) -> str:
    """Repeat what somebody wrote, short and recognisable."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return _NOTHING
    if isinstance(value, dict):
        return _MAPPING
    if isinstance(value, list):
        return _LIST
    text = str(value)
    short = f"{text[:40]}…" if len(text) > 40 else text
    return f'"{short}"' if isinstance(value, str) else short
