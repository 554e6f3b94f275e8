"""What a worker answers to an order: kept as the program says it, read in the reader's own language."""

import json

from django.utils.functional import Promise
from django.utils.translation import gettext, override

_LENGTH = 300


def kept(sentence: str | Promise, **facts: object) -> str:
    """The sentence with its facts as they are stored; one that is too long is kept without its facts."""
    with override("en"):
        words = str(sentence)
        text = json.dumps([words, {name: str(fact) for name, fact in facts.items()}], ensure_ascii=False)
    return text if len(text) <= _LENGTH else words[:_LENGTH]


def said(message: str) -> str:
    """A stored sentence in the reader's language; what was not stored by `kept` stays as it is."""
    try:
        match json.loads(message):
            case [str() as words, dict() as facts]:
                return gettext(words) % facts if facts else gettext(words)
    except (ValueError, KeyError):
        pass
    return message
