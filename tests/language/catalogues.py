"""The rooms' translations on disk: read, brought up to date, written the same way every time."""

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.language.extracting import Key, Said

LANGUAGE = "zh_Hans"
_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?([a-zA-Z%])")


class Words(Catalog):
    """A catalogue whose header holds only what programs need: no times, no names."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Huilian"),
            ("Language", LANGUAGE),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Whatever a file says about itself is written anew."""


def path_of(room: Path) -> Path:
    """Where a room keeps its translations."""
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read_words(path: Path) -> dict[Key, Message]:
    """The messages of a .po file; none where there is no file yet."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {key_of(message): message for message in read_po(file, locale=LANGUAGE) if message.id}


def key_of(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def texts_of(message: Message) -> tuple[str, ...]:
    """The translations of a message: one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def brought_up_to_date(name: str, said: Iterable[Said], known: dict[Key, Message]) -> Words:
    """A catalogue of exactly what is said; known translations stay, new messages wait for theirs."""
    words = Words(locale=LANGUAGE, header_comment=f"# Simplified Chinese of the {name} room.", fuzzy=False)
    for each in said:
        context, singular = each.key
        before = known.get(each.key)
        texts = texts_of(before) if before else ("",)
        message = words.add(
            (singular, each.plural) if each.plural else singular,
            texts[:1] if each.plural else texts[0],
            locations=[(file, 1) for file in each.files],
            flags={"fuzzy"} if before and before.fuzzy else (),
            context=context,
        )
        message.flags.discard("python-brace-format")  # braces here are those of YAML
    return words


def as_po(words: Catalog) -> bytes:
    """The text of a catalogue, in the order of its messages, with file names and without line numbers."""
    out = BytesIO()
    write_po(out, words, width=0, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def as_mo(words: Catalog) -> bytes:
    """The same for programs; what is not translated or in doubt is left out."""
    out = BytesIO()
    write_mo(out, words)
    return out.getvalue()


def placeholders(text: str) -> list[tuple[str, str]]:
    """What will be filled in: names with their conversions, in the order of the alphabet."""
    return sorted({(each[1] or "", each[2]) for each in _PLACEHOLDER.finditer(text) if each[2] != "%"})
