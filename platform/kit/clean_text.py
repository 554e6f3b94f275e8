"""Text as people send it, made fit to store, compare and print."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal

_DASHES = frozenset("_−ー")


def clean_text(text: str, *, max_length: int, field: str, multiline: bool = False) -> str:
    """Return the text in NFC, trimmed, its line ends as newlines; empty text is allowed.

    Raises Refusal `text_unreadable` (NUL, control characters, halves of characters; line breaks and tabs
    too, unless `multiline`) or `text_too_long`, both for `field`.
    """
    cleaned = unicodedata.normalize("NFC", text)
    for line_end in ("\r\n", "\r", "\u2028", "\u2029"):
        cleaned = cleaned.replace(line_end, "\n")
    cleaned = cleaned.strip()
    allowed = "\n\t" if multiline else ""
    if any(is_unprintable(symbol) and symbol not in allowed for symbol in cleaned):
        raise Refusal(
            "text_unreadable",
            _("This text contains characters that cannot be shown. Remove them, or type the text anew."),
            field=field,
        )
    if len(cleaned) > max_length:
        raise Refusal(
            "text_too_long",
            _("This text has %(length)s characters; at most %(most)s are possible."),
            field=field,
            length=len(cleaned),
            most=max_length,
        )
    return cleaned


def compact(text: str) -> str:
    """Return a typed number or code in NFKC without spaces, dashes and invisible characters."""
    # Invisible characters (Cf) travel along when something is copied out of a chat or a contact list.
    return "".join(
        symbol
        for symbol in unicodedata.normalize("NFKC", text)
        if not (symbol.isspace() or symbol in _DASHES or unicodedata.category(symbol) in {"Pd", "Cf"})
    )


def is_unprintable(symbol: str) -> bool:
    """Tell whether a character is a control character or half of one (a lone surrogate)."""
    return unicodedata.category(symbol) in {"Cc", "Cs"}
