"""A place in a scheme file: reads one value of the kind expected there, or reports what stands there instead.

Every reader returns a harmless value after reporting, so that one run finds all problems.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TypeVar, get_args

from django.utils.translation import gettext_noop as _

from huilian.schemes.parts import Text
from huilian.schemes.problems import Problem, shown
from huilian.schemes.source import below
from kit.money import MINOR_DIGITS

W = TypeVar("W", bound=str)

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LONGEST_TEXT = 4000
_LARGEST_AMOUNT = 10**12


class Node:
    """One value with its place; mappings remember which keys were asked for."""

    def __init__(self, place: str, value: object, problems: list[Problem], *, given: bool = True) -> None:
        self.place = place
        self.value = value
        self.given = given
        self._problems = problems
        self._asked: set[str] = set()

    def report(self, template: str, **facts: object) -> None:
        """Note a problem at this place."""
        self._problems.append(Problem(self.place or "file", template, facts))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written here."""
        return self.value is None

    # Going down.

    def __getitem__(self, key: str) -> "Node":
        self._asked.add(key)
        value = self.value.get(key) if isinstance(self.value, dict) else None
        given = isinstance(self.value, dict) and key in self.value
        return Node(below(self.place, key), value, self._problems, given=given)

    def mapping(self, what: str) -> "Node":
        """Insist on a mapping; `what` describes it in the message."""
        if self._wrong(isinstance(self.value, dict), _("expected a mapping: %(what)s"), what=what):
            return Node(self.place, {}, [], given=False)
        return self

    def entries(self, what: str) -> Iterator[tuple[str, "Node"]]:
        """The rows of a mapping whose keys are codes."""
        node = self.mapping(what)
        if isinstance(node.value, dict):
            for key in node.value:
                child = node[key]
                if not CODE.fullmatch(key):
                    child.report(_("a code is small letters, digits and _, beginning with a letter"))
                yield key, child

    def items(self, what: str) -> list["Node"]:
        """The rows of a list."""
        if self._wrong(isinstance(self.value, list), _("expected a list of %(what)s"), what=what):
            return []
        rows = self.value if isinstance(self.value, list) else []
        return [Node(below(self.place, at), row, self._problems) for at, row in enumerate(rows)]

    def close(self) -> None:
        """Report the keys that nobody asked for."""
        if not isinstance(self.value, dict):
            return
        for key in self.value:
            if key in self._asked:
                continue
            near = get_close_matches(key, self._asked, n=1)
            if near:
                self[key].report(_('unknown key; did you mean "%(near)s"?'), near=near[0])
            else:
                known = ", ".join(sorted(self._asked))
                self[key].report(_("unknown key; known here are: %(known)s"), known=known)

    # Reading.

    def line(self, what: str) -> str:
        """Text that is the same in every language: a number, an address, a reference."""
        value = str(self.value) if isinstance(self.value, int) and not isinstance(self.value, bool) else self.value
        if self._wrong(isinstance(value, str) and value.strip() != "", _("expected %(what)s"), what=what):
            return ""
        return self._clean(str(value))

    def text(self) -> Text:
        """The same words in both languages."""
        if self._wrong(isinstance(self.value, dict), _("expected text in both languages: {zh: …, en: …}")):
            return Text("", "")
        read = self.words()
        self.close()
        return read

    def words(self) -> Text:
        """The keys zh and en of this mapping, which may have others."""
        return Text(self["zh"].line(_("the text in Chinese")), self["en"].line(_("the text in English")))

    def whole(self, template: str, *, least: int = 0, most: int = 10_000) -> int:
        """A whole number; `template` is the expectation, e.g. "expected a whole number of years"."""
        value = self.value
        if self._wrong(isinstance(value, int) and not isinstance(value, bool), template):
            return least
        number = value if isinstance(value, int) else least
        if not least <= number <= most:
            self.report(_("%(number)s is not between %(least)s and %(most)s"), number=number, least=least, most=most)
            return least
        return number

    def yes(self, *, otherwise: bool) -> bool:
        """Yes or no, and `otherwise` where nothing is written."""
        if self.is_empty and not self.given:
            return otherwise
        self._wrong(isinstance(self.value, bool), _("expected yes or no"))
        return bool(self.value)

    def one_of(self, literal: object) -> str:
        """One of the words that a Literal type allows."""
        words = get_args(literal)
        if self._wrong(self.value in words, _("expected one of %(words)s"), words=", ".join(words)):
            return str(words[0])
        return str(self.value)

    def day(self) -> date:
        """A date written 2026-01-31."""
        if isinstance(self.value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.value, re.ASCII):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                self.report(_("%(value)s is not a day of the calendar"), value=self.value)
                return date.min
        self._wrong(False, _("expected a date such as 2026-01-31"))
        return date.min

    def amount(self, currency: str) -> int:
        """An amount such as 50 or 50.00, in minor units."""
        digits = MINOR_DIGITS.get(currency, 2)
        template = _("expected an amount in %(currency)s such as 50 or 50.00")
        try:
            written = Decimal(str(self.value)) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(self.value), re.ASCII) else None
        except InvalidOperation:
            written = None
        if written is None or self._wrong(not isinstance(self.value, bool), template, currency=currency):
            self._wrong(written is not None, template, currency=currency)
            return 0
        minor = written.scaleb(digits)
        if minor != int(minor) or minor > _LARGEST_AMOUNT:
            self.report(
                _("%(value)s cannot be paid in %(currency)s (at most %(digits)s decimals)"),
                value=self.value, currency=currency, digits=digits,
            )
            return 0
        return int(minor)

    def codes(self, what: str) -> tuple[str, ...]:
        """A list of different codes."""
        found: list[str] = []
        for item in self.items(what):
            if item._wrong(isinstance(item.value, str) and CODE.fullmatch(item.value) is not None, _("expected a code")):
                continue
            if item.value in found:
                item.report(_('"%(code)s" stands in this list twice'), code=item.value)
                continue
            found.append(str(item.value))
        return tuple(found)

    def _clean(self, text: str) -> str:
        if _CONTROL.search(text):
            self.report(_("the text has characters that cannot be shown"))
            return ""
        if len(text) > _LONGEST_TEXT:
            self.report(_("the text is longer than %(most)s characters"), most=_LONGEST_TEXT)
            return ""
        return text.strip()

    def _wrong(self, right: bool, template: str, **facts: object) -> bool:
        """Report an unmet expectation, together with what stands there instead."""
        if right:
            return False
        if not self.given:
            self.report(_("missing: %(expectation)s"), expectation=template % facts)
        else:
            self.report(_("%(expectation)s, got %(value)s"), expectation=template % facts, value=shown(self.value))
        return True
