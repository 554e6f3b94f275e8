"""Reading one answer of each kind of field: from what was sent to what is stored, or a Refusal."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from huilian.schemes.choices import Choice
from huilian.schemes.fields import Field
from kit.clean_text import clean_text, is_unprintable
from kit.contact import normalise_email, normalise_phone
from kit.errors import Refusal
from kit.identity import IdentityKind, check_identity, check_uscc
from kit.names import clean_name

# The catalogue's word for a document, and the rule for its number.
IDENTITY_RULES: dict[str, IdentityKind] = {
    "resident": IdentityKind.RESIDENT,
    "passport": IdentityKind.PASSPORT,
    "hk_macau_permit": IdentityKind.HK_MACAU_PERMIT,
    "taiwan_permit": IdentityKind.TAIWAN_PERMIT,
    "hmt_residence": IdentityKind.RESIDENT,
    "foreign_residence": IdentityKind.FOREIGN_PERMANENT_RESIDENT,
}
TELL_BIRTH_DATE = frozenset({"resident", "hmt_residence"})
_RESIDENTS_FROM_ABROAD = ("81", "82", "83")

NAMES = frozenset({"name", "representative_name", "organisation_name", "legal_representative"})
LATIN = frozenset({"name_en", "organisation_name_en"})
_EARLIEST, _LATEST = date(1890, 1, 1), date(2100, 1, 1)
_MOST_ITEMS = 50
_url = URLValidator(schemes=["http", "https"])


def is_blank(given: object) -> bool:
    """Whether there is no answer: nothing, an empty list, or only spaces."""
    if isinstance(given, str):
        return not given.strip()
    return given is None or (isinstance(given, list | tuple) and all(is_blank(item) for item in given))


def read_text(asked: Field, given: object) -> str:
    """Text of every kind: names, numbers, addresses, links, codes."""
    text = _as_text(given)
    if asked.kind == "phone":
        return normalise_phone(text, field=asked.code)
    if asked.kind == "email":
        return normalise_email(text, field=asked.code)
    if asked.kind == "uscc":
        return check_uscc(text, field=asked.code)
    if asked.code in NAMES:
        return clean_name(text, max_length=asked.max_length, field=asked.code)
    multiline = asked.kind == "multiline"
    cleaned = clean_text(text, max_length=asked.max_length, field=asked.code, multiline=multiline)
    if asked.kind == "url":
        return _read_url(cleaned, asked.max_length)
    if asked.code in LATIN and not _is_latin(cleaned):
        raise Refusal("name_not_latin", _("Please write this name in Latin letters, e.g. in pinyin."))
    return cleaned


def read_choice(given: object, offered: Sequence[Choice]) -> str:
    """One of the offered codes."""
    if isinstance(given, str) and given in {choice.code for choice in offered}:
        return given
    raise Refusal("choice_unknown", _("Please choose one of the answers offered."))


def read_choices(given: object, offered: Sequence[Choice]) -> list[str]:
    """Some of the offered codes, each once, in the order in which they are offered."""
    chosen = _as_list(given)
    known = [choice.code for choice in offered]
    if not set(chosen) <= set(known):
        raise Refusal("choice_unknown", _("Please choose among the answers offered."))
    return [code for code in known if code in chosen]


def read_date(asked: Field, given: object, *, on: date) -> str:
    """A day as 2026-01-31; a birth date lies in the past."""
    try:
        day = date.fromisoformat(_as_text(given).strip()) if not isinstance(given, date) else given
    except ValueError:
        raise Refusal("date_malformed", _("Please write the date as year-month-day, e.g. 1990-01-31.")) from None
    born = asked.code == "birth_date"
    if not _EARLIEST <= day < _LATEST or (born and day > on):
        raise Refusal("date_impossible", _("This date cannot be right."))
    return day.isoformat()


def read_identity(given: object, id_type: str, *, on: date) -> str:
    """The number of an identity document in its one form; without a type it is a resident's."""
    kind = IDENTITY_RULES.get(id_type or "resident", IdentityKind.RESIDENT)
    number = check_identity(kind, _as_text(given), on=on)
    if id_type == "hmt_residence" and not number.startswith(_RESIDENTS_FROM_ABROAD):
        raise Refusal(
            "id_number_malformed",
            _("The number of a residence permit for Hong Kong, Macao and Taiwan residents begins with 81, 82 or 83."),
        )
    return number


def read_interests(given: object, *, branches: Collection[str], most: int) -> list[str]:
    """Numbers of branches, each once, in the order of the applicant's wish."""
    numbers = list(dict.fromkeys(_as_list(given)))
    if not set(numbers) <= set(branches):
        raise Refusal("branch_unknown", _("Please choose branches from the list."))
    if len(numbers) > most:
        raise Refusal(
            "interests_too_many", _("Please choose at most %(most)s branches."), most=most, count=len(numbers)
        )
    return numbers


def read_unfinished(asked: Field, given: object) -> object | None:
    """What a draft keeps of an answer: text or a list of texts, short enough and readable."""
    if is_blank(given):
        return None
    if isinstance(given, list | tuple):
        return [clean_text(item, max_length=100, field=asked.code) for item in _as_list(given)]
    if isinstance(given, date):
        return given.isoformat()
    return clean_text(
        _as_text(given), max_length=asked.max_length, field=asked.code, multiline=asked.kind == "multiline"
    )


def shown(code: str) -> str:
    """A name that somebody made up, fit to be repeated."""
    return "".join(symbol for symbol in code[:40] if not is_unprintable(symbol)) or "?"


def _as_text(given: object) -> str:
    if isinstance(given, str):
        return given
    # A program may send a number of staff, or a student's number, as a number.
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 10**30:
        return str(given)
    raise Refusal("answer_malformed", _("This answer must be text."))


def _as_list(given: object) -> list[str]:
    items = [given] if isinstance(given, str) else given
    if not isinstance(items, list | tuple) or len(items) > _MOST_ITEMS:
        raise Refusal("answer_malformed", _("This answer must be a list of choices."))
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != len(items):
        raise Refusal("answer_malformed", _("This answer must be a list of choices."))
    return [text for text in texts if text.strip()]


def _read_url(text: str, most: int) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        _url(address)
    except (ValidationError, ValueError):
        raise Refusal("url_invalid", _("This is not a web address. It looks like https://example.org.")) from None
    if len(address) > most:
        raise Refusal(
            "text_too_long",
            _("This text has %(length)s characters; at most %(most)s are possible."),
            length=len(address),
            most=most,
        )
    return address


def _is_latin(text: str) -> bool:
    letters = [symbol for symbol in text if symbol.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(symbol, "") for symbol in letters)
