"""What changes with a version of the scheme, as a table: in words, with the place as the file calls it below."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from huilian.portals.console.scheme_words import FIELD_WORDS, route_in_full
from huilian.portals.console.words import NOTHING, category_names
from huilian.portals.shapes import Column, Row, Words
from huilian.portals.templatetags.huilian_tags import day
from huilian.schemes.comparing import Difference
from huilian.schemes.document import Scheme
from huilian.schemes.parts import Step
from kit.money import MINOR_DIGITS, Money, format_money

_DUES = re.compile(r"categories\.(\w+)\.dues\[(\d{4}-\d\d-\d\d)\]\.(\w+)")
_ROUTE = re.compile(r"categories\.(\w+)\.route\[")
_CATEGORY = re.compile(r"categories\.(\w+)\.(\w+)")
_AMOUNT = re.compile(rf"(\d+(?:\.\d+)?) ({'|'.join(MINOR_DIGITS)})")  # as `comparing` writes it
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WORDS: dict[str, Words] = {
    "effective_on": _("In force from"),
    "amount": _("Dues"),
    "period_years": _("Period in years"),
    "resolution": _("Resolution number"),
    "meeting": _("Meeting"),
    "resolved_on": _("Date of the resolution"),
}


def difference_columns() -> list[Column]:
    return [Column(_("Place")), Column(_("Before")), Column(_("After"))]


def difference_rows(differences: Sequence[Difference], before: Scheme, after: Scheme) -> list[Row]:
    """Each changed place with what stood and what stands there; a route that changed is shown whole, once."""
    return list(_rows(differences, before, after))


def _rows(differences: Sequence[Difference], before: Scheme, after: Scheme) -> Iterator[Row]:
    names, told = category_names(before) | category_names(after), set[str]()
    for each in differences:
        route = _ROUTE.match(each.place)
        if route is None:
            yield Row([_place(each.place, names), _value(each.old), _value(each.new)])
        elif (code := route[1]) not in told:
            told.add(code)
            yield Row([_place(f"categories.{code}.route", names), _route(before, code), _route(after, code)])


def _place(place: str, names: Mapping[str, str]) -> SafeString:
    words = _in_words(place, names)
    if not words:
        return format_html('<span class="mono">{}</span>', place)
    return format_html('{}<br><span class="mono muted small">{}</span>', words, place)


def _in_words(place: str, names: Mapping[str, str]) -> str:
    if place == "version":
        return str(_("Version"))
    dues = _DUES.fullmatch(place)
    if dues and dues[1] in names and dues[3] in _WORDS:
        since = _("Dues from %(day)s") % {"day": day(date.fromisoformat(dues[2]))}
        return f"{names[dues[1]]} · {since} · {_WORDS[dues[3]]}"
    category = _CATEGORY.match(place)
    if category and category[1] in names:
        return " · ".join(str(each) for each in (names[category[1]], FIELD_WORDS.get(category[2])) if each)
    return str(FIELD_WORDS.get(re.split(r"[.\[]", place)[0], ""))


def _value(written: str | None) -> str:
    if written in ("yes", "no"):
        return pgettext("journal", "yes") if written == "yes" else pgettext("journal", "no")
    if written and _DAY.fullmatch(written):
        return day(date.fromisoformat(written))
    if written and (amount := _AMOUNT.fullmatch(written)):
        minor = int(Decimal(amount[1]).scaleb(MINOR_DIGITS[amount[2]]))
        return format_money(Money(minor, amount[2]), get_language() or "en")
    return written or NOTHING


def _route(scheme: Scheme, code: str) -> SafeString | str:
    route: tuple[Step, ...] = next((each.route for each in scheme.categories if each.code == code), ())
    return route_in_full(route) if route else NOTHING
