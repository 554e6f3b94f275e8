"""Identity documents of persons and the credit code of bodies: form, date and check character."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from kit.clean_text import compact
from kit.errors import Refusal


class IdentityKind(StrEnum):
    """The documents by which a person can be known."""

    RESIDENT = "resident"
    PASSPORT = "passport"
    HK_MACAU_PERMIT = "hk_macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"


_EXPECTED = {
    IdentityKind.RESIDENT: _("A resident identity number has 18 digits; only the last may be X."),
    IdentityKind.PASSPORT: _("A passport number has 5 to 15 letters and digits, with a digit among them."),
    IdentityKind.HK_MACAU_PERMIT: _(
        "A Mainland travel permit for Hong Kong and Macau residents is H or M, followed by 8 or 10 digits."
    ),
    IdentityKind.TAIWAN_PERMIT: _("A Mainland travel permit for Taiwan residents has 8 digits."),
    IdentityKind.FOREIGN_PERMANENT_RESIDENT: _(
        "A foreign permanent resident's number has 18 digits beginning with 9, or 3 letters and 12 digits."
    ),
}

# Residence permits for people from Hong Kong, Macau (81, 82) and Taiwan (83) have resident numbers;
# 9 is kept for foreigners.
_RESIDENT = re.compile(r"[1-8]\d{16}[\dX]", re.ASCII)
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,15}", re.ASCII)
# The last two digits count re-issues; the person's own number is what stands before them.
_HK_MACAU = re.compile(r"([HM]\d{8})(\d{2})?", re.ASCII)
_TAIWAN = re.compile(r"(\d{8})(\d{2}(\([A-Z]\)|[A-Z])?)?", re.ASCII)
_FOREIGNER_NEW = re.compile(r"9\d{16}[\dX]", re.ASCII)
# Nationality, place of application, birth date as YYMMDD, serial and check digit.
_FOREIGNER_OLD = re.compile(r"[A-Z]{3}\d{4}(\d{2})(\d{2})(\d{2})\d{2}", re.ASCII)

_EARLIEST_BIRTH_YEAR = 1890
# Registering authority (letters: military, agriculture, other), kind of body, region, body, check (GB 32100).
_USCC = re.compile(r"[1-9ANY]\d\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)


def check_identity(kind: str, number: str, *, on: date | None = None) -> str:
    """Return the number in the one form to store and compare, without marks of re-issue.

    `on` is the day of the application: a birth date after it is refused.
    Raises Refusal `id_number_malformed`, `id_number_wrong_date` or `id_number_mistyped`, for `id_number`.
    """
    known = IdentityKind(kind)
    typed = compact(number[:100]).upper()
    if known is IdentityKind.RESIDENT and _RESIDENT.fullmatch(typed):
        return _check_long_number(typed, on=on)
    if known is IdentityKind.PASSPORT and _PASSPORT.fullmatch(typed):
        return typed
    if known is IdentityKind.HK_MACAU_PERMIT and (permit := _HK_MACAU.fullmatch(typed)):
        return permit[1]
    if known is IdentityKind.TAIWAN_PERMIT and (permit := _TAIWAN.fullmatch(typed)):
        return permit[1]
    if known is IdentityKind.FOREIGN_PERMANENT_RESIDENT:
        if _FOREIGNER_NEW.fullmatch(typed):
            return _check_long_number(typed, on=on)
        if old := _FOREIGNER_OLD.fullmatch(typed):
            # The century is not in it: a leap year lets 29 February pass.
            _read_date(2000, int(old[2]), int(old[3]))
            return typed
    raise Refusal("id_number_malformed", _EXPECTED[known], field="id_number")


def birth_date_of(number: str) -> date:
    """Return the birth date within a checked 18-character number."""
    return _read_date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def mask_identity(number: str) -> str:
    """Show a number to someone who may recognise, not learn it: neither birth date nor serial stays."""
    head, tail = (3, 2) if len(number) >= 15 else (1, 2)
    hidden = max(len(number) - head - tail, 0)
    return number[:head] + "*" * hidden + number[-tail:] if hidden else "*" * len(number)


def check_uscc(number: str, *, field: str = "uscc") -> str:
    """Return a unified social credit code in capitals without spaces.

    stdnum's `validate` refuses the letters that may stand first, so the places are checked here.
    Raises Refusal `uscc_malformed` or `uscc_mistyped`, for `field`.
    """
    typed = compact(number[:100]).upper()
    if not _USCC.fullmatch(typed):
        raise Refusal(
            "uscc_malformed",
            _(
                "A unified social credit code has 18 characters: digits, and from the ninth on also capital "
                "letters except I, O, S, V and Z. Only A, N or Y may stand first as a letter."
            ),
            field=field,
        )
    if uscc.calc_check_digit(typed[:17]) != typed[17]:
        raise Refusal(
            "uscc_mistyped",
            _("This credit code has a typing error: its last character does not match the others."),
            field=field,
        )
    return typed


def _check_long_number(number: str, *, on: date | None) -> str:
    born_on = birth_date_of(number)
    if born_on.year < _EARLIEST_BIRTH_YEAR or (on is not None and born_on > on):
        raise _wrong_date()
    if number[17] != _mod_11_2(number[:17]):
        raise Refusal(
            "id_number_mistyped",
            _("This identity number has a typing error: its last character does not match the others."),
            field="id_number",
        )
    return number


def _mod_11_2(digits: str) -> str:
    """Return the check character of ISO 7064 MOD 11-2."""
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def _read_date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _wrong_date() from None


def _wrong_date() -> Refusal:
    return Refusal(
        "id_number_wrong_date",
        _("This identity number has a typing error: the birth date within it does not exist."),
        field="id_number",
    )
