"""Whether one row of a list can become a member, and what is wrong with it, column by column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from huilian.accounts.hashing import contact_hash
from huilian.members.rules import Year
from huilian.schemes.choices import IDENTITY_TYPES
from huilian.schemes.document import BY_RESOLUTION, Category, Scheme
from kit.clean_text import clean_text
from kit.clock import add_years
from kit.contact import normalise_email, normalise_phone
from kit.errors import Refusal
from kit.identity import IdentityKind, check_identity, check_uscc
from kit.names import clean_name
from kit.sheet_reading import ROUNDED

_EARLIEST = date(1900, 1, 1)
_LATEST_YEAR = 2199
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SHORT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_IDENTITY: Mapping[str, IdentityKind] = {
    "resident": IdentityKind.RESIDENT,
    "passport": IdentityKind.PASSPORT,
    "hk_macau_permit": IdentityKind.HK_MACAU_PERMIT,
    "taiwan_permit": IdentityKind.TAIWAN_PERMIT,
    "hmt_residence": IdentityKind.RESIDENT,
    "foreign_residence": IdentityKind.FOREIGN_PERMANENT_RESIDENT,
}


@dataclass(slots=True)
class Candidate:
    """A row as far as it could be read; it can become a member if `problems` is empty."""

    name: str = ""
    category: Category | None = None
    joined_on: date | None = None
    year: Year | None = None
    phone: str = ""
    email: str = ""
    id_type: str = ""
    id_number: str = ""
    representative: str = ""
    notes: dict[str, str] = field(default_factory=dict)  # employer, title, old number
    problems: list[Refusal] = field(default_factory=list)

    @property
    def hashes(self) -> dict[str, str]:
        """By what the member is compared with others: only what was given."""
        values = {
            "phone": contact_hash("phone", self.phone),
            "email": contact_hash("email", self.email),
            "id_number": contact_hash("id_number", self.id_number),
        }
        return {kind: value for kind, value in values.items() if value}


def check_row(cells: Mapping[str, str], scheme: Scheme, *, on: date) -> Candidate:
    """Read a row; `cells` by code of column, `on` is today. Every problem is found, and names its column."""
    found = Candidate()

    def read(column: str, act: Callable[[str], Any], *, needed: bool = False) -> Any:
        text = cells.get(column, "").strip()
        try:
            if text == ROUNDED:
                raise Refusal(
                    "number_rounded",
                    _("Excel has rounded this number. Format the cell as text and type it again."),
                )
            if text:
                return act(text)
            if needed:
                raise Refusal("cell_missing", _("This is needed."))
        except Refusal as problem:
            problem.field = column
            found.problems.append(problem)
        return None

    found.category = read("category", lambda text: _category(text, scheme), needed=True)
    found.name = read("name", clean_name, needed=True) or ""
    found.joined_on = read("joined_on", lambda text: _past(text, on), needed=True)
    begins = read("valid_from", _day)
    last = read("valid_until", _day, needed=True)
    found.phone = read("phone", normalise_phone) or ""
    found.email = read("email", normalise_email) or ""
    institution = found.category is not None and found.category.is_institution
    if institution:
        found.id_number = read("id_number", check_uscc) or ""
        found.id_type = "uscc" if found.id_number else ""
        found.representative = read("representative", clean_name) or ""
    else:
        kind = read("id_type", _identity_type) or "resident"
        found.id_number = read("id_number", lambda text: check_identity(_IDENTITY[kind], text, on=on)) or ""
        found.id_type = kind if found.id_number else ""
    for column, most in (("employer", 100), ("title", 100), ("old_number", 40)):
        if text := read(column, partial(clean_text, max_length=most, field=column)):
            found.notes[column] = text
    marked = {problem.field for problem in found.problems}
    if not (found.phone or found.email or found.id_number) and not marked & {"phone", "email", "id_number"}:
        found.problems.append(
            Refusal(
                "identifier_missing",
                _("Give a phone number, an e-mail address or an ID number, to tell this member from others."),
                field="phone",
            )
        )
    if found.joined_on and last and "valid_from" not in marked:
        found.year = _period(found, begins, last)
    return found


def _period(found: Candidate, begins: date | None, last: date) -> Year | None:
    """The present period: as given, or the year before its end, never before the day of joining."""
    joined = found.joined_on
    assert joined is not None  # noqa: S101 - asked for by the only caller
    end = last + timedelta(days=1)
    if last < joined:
        found.problems.append(
            Refusal("ends_before_joining", _("Membership cannot end before it began."), field="valid_until")
        )
        return None
    if begins is None:
        return max(joined, add_years(end, -1)), end
    if begins < joined or begins > last:
        found.problems.append(
            Refusal(
                "begins_outside",
                _("The present period begins on the day of joining or later, and not after its last day."),
                field="valid_from",
            )
        )
        return None
    return begins, end


def _category(text: str, scheme: Scheme) -> Category:
    wanted = "".join(text.lower().split())
    for category in scheme.categories:
        names = (category.code, category.name.zh, category.name.en)
        if wanted in {"".join(each.lower().split()) for each in names}:
            if category.term == BY_RESOLUTION:
                raise Refusal(
                    "category_by_resolution",
                    _("“%(category)s” is granted by a resolution that headquarters records; it is not imported."),
                    category=text[:60],
                )
            return category
    raise Refusal(
        "category_unknown_here",
        _("There is no category “%(category)s”. The template lists them all."),
        category=text[:60],
    )


def _identity_type(text: str) -> str:
    wanted = "".join(text.lower().split())
    for choice in IDENTITY_TYPES:
        if wanted in {"".join(each.lower().split()) for each in (choice.code, choice.label.zh, choice.label.en)}:
            return choice.code
    if wanted in {"身份证", "idcard"}:
        return "resident"
    raise Refusal("id_type_unknown", _("This type of document is not known. The template lists them all."))


def _day(text: str) -> date:
    found = _DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError("no date")
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Refusal("day_unreadable", _("This is not a date. Write it as 2015-06-30.")) from None
    if day < _EARLIEST or day.year > _LATEST_YEAR:
        raise Refusal("day_out_of_range", _("This date is too far away. Is it a typing error?"))
    return day


def _past(text: str, on: date) -> date:
    day = _day(text)
    if day > on:
        raise Refusal("joined_in_future", _("The day of joining has not come yet."))
    return day
