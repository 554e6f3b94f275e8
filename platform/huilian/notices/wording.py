"""Facts as words in the reader's language."""

from datetime import date, datetime
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from django.utils import translation

from huilian.notices.catalogue import is_english
from kit.money import Money, format_money

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


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
        return f"{_write_day(local.date(), language)} {local:%H:%M}"
    if isinstance(fact, date):
        return _write_day(fact, language)
    with translation.override(language):  # lazy translations, such as the name of a role
        return str(fact).strip()


def _write_day(day: date, language: str) -> str:
    if is_english(language):
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"
