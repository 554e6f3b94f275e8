"""What stands on a page in the reader's language, found by its English source or in the scheme."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.utils import translation

from huilian.schemes.document import Scheme, Text
from huilian.schemes.fields import CATALOGUE, Field
from huilian.schemes.loading import load_preset

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """The words of one language: `words("Send the voucher")` is what its button says."""

    language: Language

    def __call__(self, source: str, /, **facts: object) -> str:
        """A sentence of the pages, with its facts; fails where Chinese is missing."""
        with translation.override("zh-hans" if self.language == "zh" else "en"):
            said = translation.gettext(source)
        assert self.language == "en" or said != source, f"not translated: {source!r}"
        return said % facts if facts else said

    def of(self, text: Text) -> str:
        """A text that comes from data."""
        return text.zh if self.language == "zh" else text.en

    def category(self, code: str) -> str:
        return self.of(scheme().category(code).name)

    def channel(self, kind: str) -> str:
        return self.of(next(channel for channel in scheme().channels if channel.kind == kind).name)

    def field(self, code: str) -> str:
        """The label of a question."""
        return self.of(CATALOGUE[code].label)

    def choice(self, field: Field, code: str) -> str:
        """The label of one answer to choose."""
        return self.of(next(choice for choice in field.choices if choice.code == code).label)


@cache
def scheme() -> Scheme:
    """The scheme by which the demonstration takes members."""
    return load_preset("cmes")
