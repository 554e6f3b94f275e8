"""Money is whole minor units and a currency; nothing here is ever a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MINOR_DIGITS = {
    "AUD": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2, "JPY": 0, "KRW": 0, "KWD": 3,
    "MOP": 2, "MYR": 2, "NZD": 2, "SGD": 2, "THB": 2, "TWD": 2, "USD": 2, "VND": 0,
}  # fmt: skip

# How a Chinese reader expects the sign; other currencies keep their code.
_CHINESE_SIGNS = {
    "AUD": "A$", "CAD": "C$", "CNY": "¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "KRW": "₩",
    "MOP": "MOP$", "SGD": "S$", "TWD": "NT$", "USD": "US$",
}  # fmt: skip


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen, cents; yen have none below) of one currency (ISO 4217)."""

    amount_minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.amount_minor!r}")
        if self.currency not in MINOR_DIGITS:
            raise ValueError(f"unknown currency {self.currency!r}")

    def __add__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount_minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._require_same_currency(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: Money) -> bool:
        self._require_same_currency(other)
        return self.amount_minor <= other.amount_minor

    @property
    def is_zero(self) -> bool:
        return self.amount_minor == 0

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be put together")


def total(amounts: Iterable[Money], *, currency: str = "CNY") -> Money:
    """Add up amounts of one currency; nothing at all is zero of `currency`."""
    return sum(amounts, start=Money(0, currency))


def plain_amount(money: Money) -> str:
    """Write the number alone, as files and gateways want it: 1234.50, -0.05, 5000 for yen."""
    return _digits(money, thousands="")


def format_money(money: Money, language: str) -> str:
    """Write an amount as readers of `language` expect it: ¥1,234.50 in Chinese, CNY 1,234.50 elsewhere."""
    chinese = language.lower().partition("-")[0].partition("_")[0] == "zh"
    sign = _CHINESE_SIGNS.get(money.currency) if chinese else None
    minus = "-" if money.amount_minor < 0 else ""
    digits = _digits(money, thousands=",").removeprefix("-")
    return f"{minus}{sign or money.currency + ' '}{digits}"


def _digits(money: Money, *, thousands: str) -> str:
    places = MINOR_DIGITS[money.currency]
    whole, minor = divmod(abs(money.amount_minor), 10**places)
    minus = "-" if money.amount_minor < 0 else ""
    written = f"{whole:,}".replace(",", thousands)
    return f"{minus}{written}.{minor:0{places}}" if places else f"{minus}{written}"


_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LARGEST_YUAN = 10**16 - 1


def chinese_amount(minor: int) -> str:
    """Write fen as the capital amount that receipts carry: 5000 is 人民币伍拾元整.

    Follows the rules for filling in bills and settlement vouchers: one 零 for any run of zeros inside
    the number, 零 before 分 when there is no 角, 整 after 元 or 角. A zero just before 万, 亿 or 元 is left
    unwritten, which those rules allow. A negative amount (a red receipt) begins with 负.
    """
    yuan, fen = divmod(abs(minor), 100)
    jiao, fen = divmod(fen, 10)
    if yuan > _LARGEST_YUAN:
        raise ValueError(f"{minor} fen is beyond what can be written in capitals")
    words = "人民币" + ("负" if minor < 0 else "")
    if yuan or not (jiao or fen):
        words += (_write_whole(yuan) or "零") + "元"
    if jiao:
        words += _NUMERALS[jiao] + "角"
    elif fen and yuan:
        words += "零"
    return words + (_NUMERALS[fen] + "分" if fen else "整")


def _write_whole(number: int) -> str:
    """Write a number below 10^16 in capitals, and zero as nothing."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        above, rest = divmod(number, size)
        if above:
            gap = "零" if 0 < rest < size // 10 else ""
            return _write_whole(above) + unit + gap + _write_whole(rest)
    words = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += _NUMERALS[digit] + _PLACES[place]
        elif words and number % 10**place and not words.endswith("零"):
            words += "零"
    return words
