"""A place in a scheme file: reads one value of the kind expected there, or reports what stands there instead.

Every reader returns a harmless value after reporting, so that one run finds all problems.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from huilian.schemes.parts import Text
from huilian.schemes.problems import Problem, shown
from huilian.schemes.problems import gettext_noop as _
from huilian.schemes.reading.source import below
from kit.money import MINOR_DIGITS

W = TypeVar("W")

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?")
_LONGEST_TEXT = 4000


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_time_zone(name: object) -> bool:
    """Whether the world's table of time zones has this name."""
    return name in _time_zones()


class Node:
    """One value with its place; a mapping remembers which keys it was asked for."""

    def __init__(self, place: str, value: object, problems: list[Problem], *, given: bool = True) -> None:
        self.place = place
        self.value = value
        self.given = given
        self.problems = problems
        self._asked: set[str] = set()

    def __getitem__(self, key: str) -> "Node":
        self._asked.add(key)
        rows = self.value if isinstance(self.value, dict) else {}
        return Node(below(self.place, key), rows.get(key), self.problems, given=key in rows)

    def entries(self, what: str) -> Iterator[tuple[str, "Node"]]:
        """The rows of a mapping whose keys are codes; `what` is the expectation."""
        rows = self.value
        if not isinstance(rows, dict):
            self.expect(what)
            return
        for key in rows:
            child = self[key]
            if not CODE.fullmatch(key):
                child.report(_("a code is small letters, digits and _, beginning with a letter"))
            yield key, child

    def items(self, what: str) -> list["Node"]:
        """The rows of a list; `what` is the expectation."""
        rows = self.value
        if not isinstance(rows, list):
            self.expect(what)
            return []
        return [Node(below(self.place, at), row, self.problems) for at, row in enumerate(rows)]

    def close(self, what: str) -> None:
        """Report the keys that nobody asked for, or that this is no mapping at all."""
        if not isinstance(self.value, dict):
            # Its parts have been reported as missing; the mapping itself is what is.
            self.problems[:] = [note for note in self.problems if not note.place.startswith(self.place + ".")]
            self.expect(what)
            return
        for key in [key for key in self.value if key not in self._asked]:
            near = get_close_matches(key, sorted(self._asked), n=1)
            known = ", ".join(sorted(self._asked))
            child = Node(below(self.place, key), None, self.problems)
            if near:
                child.report(_('unknown key; did you mean "%(near)s"?'), near=near[0])
            else:
                child.report(_("unknown key; known here are: %(known)s"), known=known)

    def line(self, what: str) -> str:
        """Text that is the same in every language: a name, a number, a reference."""
        value = self.value
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            self.expect(what)
            return ""
        if _CONTROL.search(value):
            self.report(_("the text has characters that cannot be shown"))
        if len(value) > _LONGEST_TEXT:
            self.report(_("the text is longer than %(most)s characters"), most=_LONGEST_TEXT)
        return value.strip()

    def words(self) -> Text:
        """The keys zh and en of this mapping, which may have others."""
        return Text(
            self["zh"].line(_("expected the text in Chinese")),
            self["en"].line(_("expected the text in English")),
        )

    def text(self) -> Text:
        """The same words in both languages."""
        read = self.words()
        self.close(_("expected text in both languages, as {zh: …, en: …}"))
        return read

    def text_or_none(self) -> Text | None:
        """Words in both languages, or nothing where the key is left out."""
        return self.text() if self.given else None

    def whole(self, what: str, *, least: int = 0, most: int = 1000) -> int:
        """A whole number; `what` is the expectation, e.g. "expected a whole number of years"."""
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool):
            self.expect(what)
            return least
        if not least <= value <= most:
            self.report(_("%(value)s is not between %(least)s and %(most)s"), value=value, least=least, most=most)
            return least
        return value

    def whole_or_none(self, what: str, *, least: int = 0, most: int = 1000) -> int | None:
        """A whole number, or nothing where the key is left out."""
        return self.whole(what, least=least, most=most) if self.given else None

    def yes(self, *, otherwise: bool) -> bool:
        """Yes or no, and `otherwise` where the key is left out."""
        if not self.given:
            return otherwise
        if not isinstance(self.value, bool):
            self.expect(_("expected yes or no"))
        return self.value is True

    def one_of(self, words: tuple[W, ...]) -> W:
        """One of these words."""
        for word in words:
            if self.value == word:
                return word
        self.expect(_("expected one of %(words)s"), words=", ".join(str(word) for word in words))
        return words[0]

    def day(self) -> date:
        """A date written 2026-01-31."""
        if isinstance(self.value, date):
            return self.value
        if not isinstance(self.value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.value):
            self.expect(_("expected a date such as 2026-01-31"))
            return date.max
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            self.report(_("%(value)s is not a day of the calendar"), value=self.value)
            return date.max

    def amount(self, currency: str) -> int:
        """An amount such as 50 or 50.00, in minor units."""
        digits = MINOR_DIGITS.get(currency, 2)
        if isinstance(self.value, bool) or not _AMOUNT.fullmatch(str(self.value)):
            self.expect(_("expected an amount in %(currency)s such as 50 or 50.00"), currency=currency)
            return 0
        minor = Decimal(str(self.value)).scaleb(digits)
        if minor != int(minor):
            self.report(_("%(value)s has more than %(digits)s decimals"), value=str(self.value), digits=digits)
            return 0
        return int(minor)

    def codes(self, what: str) -> tuple[str, ...]:
        """A list of different codes, or nothing where the key is left out."""
        found: list[str] = []
        for item in self.items(what) if self.given else []:
            if not isinstance(item.value, str) or not CODE.fullmatch(item.value):
                item.expect(_("expected a code"))
            elif item.value in found:
                item.report(_('"%(code)s" stands in this list twice'), code=item.value)
            else:
                found.append(item.value)
        return tuple(found)

    def report(self, template: str, **facts: object) -> None:
        """Note a problem at this place."""
        self.problems.append(Problem(self.place or "file", template, facts))

    def expect(self, template: str, **facts: object) -> None:
        """Note an unmet expectation together with what stands here instead."""
        got = shown(self.value) if self.given else None
        self.problems.append(Problem(self.place or "file", template, facts, got=got, missing=not self.given))
