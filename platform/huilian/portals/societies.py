"""The societies one can choose from, each findable by its Chinese name, its pinyin and its English name."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kit.names import initials, sort_key
from tenants import registry
from tenants.models import Society


@dataclass(frozen=True, slots=True)
class SocietyChoice:
    """A society in a list; `words` is everything by which a searcher may look for it."""

    number: str
    name: str
    words: str


def open_societies(kind: str) -> list[SocietyChoice]:
    """The societies of one kind that take applications, by number; public knowledge, read without a query."""
    found = registry.street_map().by_number.values()
    return choices_of(each for each in found if each.kind == kind and each.state == Society.State.OPEN)


def choices_of(societies: Iterable[Society]) -> list[SocietyChoice]:
    """Societies as choices, by number."""
    by_number = sorted(societies, key=lambda society: society.number)
    return [SocietyChoice(each.number, each.name, search_words(each.name_zh, each.name_en)) for each in by_number]


@lru_cache(maxsize=1000)
def search_words(name_zh: str, name_en: str) -> str:
    """Both names, the pinyin run together, and its initials."""
    pinyin = "".join(symbol for symbol in sort_key(name_zh, person=False) if symbol.isalpha())
    return " ".join((name_zh, name_en, pinyin, initials(name_zh)))
