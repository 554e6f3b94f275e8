"""Referral codes that a person can read out, type and get wrong without harm."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kit.clean_text import compact
from kit.errors import Refusal

# Nobody confuses these on paper or on the telephone: no 0 O 1 I L, no 2/Z 5/S 6/G 8/B M/N V/U pair.
# No vowels either, so that chance never spells a word.
LETTERS = "CDFHJKMPQRTVWXY"
ALPHABET = "23456789" + LETTERS

# A prime above the number of symbols. With weights that are all different and never zero modulo it,
# every single substitution and every transposition changes the weighted sum.
_MODULUS = 29
_VALUES = {symbol: value for value, symbol in enumerate("01" + ALPHABET, start=1)}

_MOST_SOCIETY_DIGITS = 6
_FEWEST_RANDOM = 6
_MOST_RANDOM = 20
_LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """A referral code taken apart; `canonical` is the one form to store and compare."""

    society_number: str
    body: str
    canonical: str


def mint_code(society_number: str, *, random_chars: int = 8) -> str:
    """Mint an unguessable code of one society, e.g. 101-KQ27-M9TX-C (35 random bits for 8 characters)."""
    if not (society_number.isascii() and society_number.isdigit()):
        raise ValueError(f"a society number is made of digits, not {society_number!r}")
    if not 1 <= len(society_number) <= _MOST_SOCIETY_DIGITS:
        raise ValueError(f"a society number has 1 to {_MOST_SOCIETY_DIGITS} digits, not {society_number!r}")
    if not _FEWEST_RANDOM <= random_chars <= _MOST_RANDOM:
        raise ValueError(f"a code has {_FEWEST_RANDOM} to {_MOST_RANDOM} random symbols, not {random_chars}")
    while True:
        # The first one is a letter: it ends the society number where dashes got lost.
        body = secrets.choice(LETTERS)
        body += "".join(secrets.choice(ALPHABET) for _place in range(random_chars - 1))
        check = _check_character(society_number + body)
        if check is not None:
            return _canonical(society_number, body, check)


def parse_code(text: str) -> ParsedCode:
    """Read a code as people type it: any case, any dashes or none, spaces, full-width characters.

    Raises Refusal `code_mistyped`, for field `code`.
    """
    symbols = compact(text[:_LONGEST_TEXT]).upper()
    society_number = symbols[: len(symbols) - len(symbols.lstrip("0123456789"))]
    body, check = symbols[len(society_number) : -1], symbols[-1:]
    if (
        len(text) > _LONGEST_TEXT
        or not 1 <= len(society_number) <= _MOST_SOCIETY_DIGITS
        or not _FEWEST_RANDOM <= len(body) <= _MOST_RANDOM
        or not set(body + check) <= set(ALPHABET)
        or check != _check_character(society_number + body)
    ):
        raise Refusal(
            "code_mistyped",
            _("This referral code has a typing error. Compare it with the original, character by character."),
            field="code",
        )
    return ParsedCode(society_number, body, _canonical(society_number, body, check))


def _check_character(symbols: str) -> str | None:
    """Return the character that makes the weighted sum zero, or None where no allowed one does."""
    weighted = sum(weight * _VALUES[symbol] for weight, symbol in enumerate(reversed(symbols), start=2))
    value = -weighted % _MODULUS
    return next((symbol for symbol in ALPHABET if _VALUES[symbol] == value), None)


def _canonical(society_number: str, body: str, check: str) -> str:
    groups = [body[start : start + 4] for start in range(0, len(body), 4)]
    return "-".join([society_number, *groups, check])
