"""Facts as words in the reader's language."""

from datetime import date, datetime
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from django.utils import translation

from huilian.notices.catalogue import is_english
from kit.days import write_day
from kit.money import Money, format_money


@runtime_checkable
class Bilingual(Protocol):
    """Words kept in both languages, such as the name of a category."""

    def in_language(self, code: str) -> str: ...


def word(fact: object, language: str, *, zone: ZoneInfo) -> str:
    """Write one fact as readers of `language` expect it; nothing known is nothing written."""
    if fact is None:
        return ""
    if isinstance(fact, Bilingual):
        return fact.in_language(language)
    if isinstance(fact, Money):
        return format_money(fact, language)
    if isinstance(fact, datetime):
        local = fact.astimezone(zone)
        return f"{_day(local.date(), language)} {local:%H:%M}"
    if isinstance(fact, date):
        return _day(fact, language)
    with translation.override(language):  # lazy translations, such as the name of a role
        return str(fact).strip()


def _day(day: date, language: str) -> str:
    return write_day(day, "en" if is_english(language) else "zh")
