"""What changes with a version of the scheme, as a table: dues in words, every other place as the file calls it."""

import re
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from huilian.portals.console_words import NOTHING, category_names
from huilian.portals.shapes import Column, Row, Words
from huilian.portals.templatetags.huilian_tags import day
from huilian.schemes.comparing import Difference
from huilian.schemes.document import Scheme

_DUES = re.compile(r"categories\.(\w+)\.dues\[(\d{4}-\d\d-\d\d)\]\.(\w+)")
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


def difference_rows(differences: list[Difference], scheme: Scheme) -> list[Row]:
    """Each changed place with what stood and what stands there; `scheme` is the later version."""
    names = category_names(scheme)
    return [Row([_place(each.place, names), each.old or NOTHING, each.new or NOTHING]) for each in differences]


def _place(place: str, names: dict[str, str]) -> SafeString:
    found = _DUES.fullmatch(place)
    if found is None or found[1] not in names or found[3] not in _WORDS:
        return format_html('<span class="mono">{}</span>', place)
    since = _("Dues from %(day)s") % {"day": day(date.fromisoformat(found[2]))}
    words = f"{names[found[1]]} · {since} · {_WORDS[found[3]]}"
    return format_html('{}<br><span class="mono muted small">{}</span>', words, place)
