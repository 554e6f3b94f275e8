"""One kind of failure for everything a person can do wrong or a rule can forbid."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from kit.days import write_day
from kit.money import Money, format_money

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Refusal(Exception):
    """Refuse a wish in one sentence that a person can act on.

    `code` is stable and meant for programs. `sentence` is translatable and may name facts as `%(fact)s`;
    it is put together only when shown, in the reader's language: days, Money and tuples in its habit, too.
    `field` names the input to correct, `status` is the HTTP status to answer with.
    """

    code: str
    sentence: str | Promise
    field: str | None
    status: int
    facts: dict[str, object]

    def __init__(
        self,
        code: str,
        sentence: str | Promise,
        *,
        field: str | None = None,
        status: int = 422,
        **facts: object,
    ) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.status = status
        self.facts = facts

    def __str__(self) -> str:
        sentence = str(self.sentence)
        # A sentence without facts may hold a plain percent sign.
        return sentence % {name: _said(fact) for name, fact in self.facts.items()} if self.facts else sentence


def _said(fact: object) -> object:
    """A fact in the habit of the reader's language; what has none stays as it is."""
    if isinstance(fact, date) and not isinstance(fact, datetime):
        return write_day(fact, get_language() or "en")
    if isinstance(fact, Money):
        return format_money(fact, get_language() or "en")
    if isinstance(fact, tuple):
        return gettext(", ").join(str(_said(each)) for each in fact)
    return fact
