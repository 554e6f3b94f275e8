"""What the page of a past day shows: tiles, charts, tables and the rows of its file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from federation.ledger.past import AGES, Past, Stood, Waited
from huilian.portals.console.downloads import Rows
from huilian.portals.console.words import category_names, month_names, months_words, society_name, society_names
from huilian.portals.drawing.charts import Chart, Series, bar_chart, line_chart, ranking_chart
from huilian.portals.shapes import Column, Row, Tile, Tone
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.wording import amount_words
from huilian.schemes.document import Scheme
from kit.money import MINOR_DIGITS

_MOST_BARS = 12
_FIGURES = (
    Column(_("Members in standing"), numeric=True),
    Column(_("Lapsed"), numeric=True),
    Column(pgettext_lazy("member", "Ended"), numeric=True),
    Column(_("Under way"), numeric=True),
    Column(_("Refused"), numeric=True),
    Column(_("Dues open"), numeric=True),
    Column(_("Dues received"), numeric=True),
)


def exactness(past: Past) -> dict[str, object]:
    """From when on the history is exact, and how it is where it is not; in words and tone."""
    tone: Tone = "good" if past.is_exact else "warn"
    if past.exact_from is None:
        return {"tone": tone, "text": _("Every change has been kept with its day since these books began.")}
    facts = {"day": day(past.exact_from)}
    if past.is_exact:
        return {"tone": tone, "text": gettext("Every change has been kept with its day since %(day)s.") % facts}
    words = gettext(
        "Exact from %(day)s on, when headquarters began to keep every change with its day. What stood before is worked "
        "out from what the rows said then: when members joined and until when they had paid, when applications and "
        "bills began and ended. Changes of category and breaks in a membership before that day are not known."
    )
    return {"tone": tone, "text": words % facts}


def tiles_of(past: Past, scheme: Scheme, *, members_url: str) -> list[Tile]:
    """The five figures on top; `members_url` leads to those who were counted, where the reader may see them."""
    total = past.together
    waiting, late = sum(each.count for each in past.cases), sum(each.late for each in past.cases)
    return [
        Tile(_("Members in standing"), total.members, url=members_url),
        Tile(_("Applications under way"), total.in_progress),
        Tile(
            _("Cases to decide"),
            waiting,
            change=_("%(count)s past their clock") % {"count": late} if late else "",
            tone="bad",
        ),
        Tile(_("Dues received until then"), amount_words(total.fees_settled_minor, scheme.currency)),
        Tile(_("Dues open"), amount_words(total.fees_open_minor, scheme.currency)),
    ]


def by_month(counts: Mapping[date, int]) -> Chart:
    months = list(counts)
    return line_chart(
        _("Members in standing at the end of each month"),
        month_names(months),
        [Series(_("Members in standing"), list(counts.values()))],
        over=_("Month"),
        note=months_words(months),
    )


def by_age(cases: Sequence[Waited]) -> Chart:
    """The desk on a day: cases by how long they had waited, those past their clock apart."""
    known = any(each.count for each in cases)
    return bar_chart(
        _("Cases to decide by age"),
        _ages() if known else [],
        [
            Series(_("In time"), [each.count - each.late for each in cases] if known else []),
            Series(_("Past their clock"), [each.late for each in cases] if known else []),
        ],
        over=_("Days since arrival"),
        note=_("Days since arrival"),
        stacked=True,
    )


def by_category(past: Past, scheme: Scheme) -> Chart:
    names = category_names(scheme)
    parts = past.by_category()
    codes = [code for code in _in_order(parts, names) if parts[code].members]
    return bar_chart(
        _("Members in standing by category"),
        [names.get(code, code) for code in codes],
        [Series(_("Members in standing"), [parts[code].members for code in codes])],
        over=_("Category"),
    )


def by_society(past: Past) -> Chart:
    ranked = sorted(past.by_society().items(), key=lambda each: (-each[1].members, each[0]))
    shown = [each for each in ranked if each[1].members][:_MOST_BARS]
    return ranking_chart(
        _("Members in standing by society"),
        [society_name(number) for number, _part in shown],
        [part.members for _number, part in shown],
        measure=_("Members in standing"),
        over=_("Society"),
        note=_("The largest twelve.") if len(ranked) > _MOST_BARS else "",
        urls=[_page(past, number) for number, _part in shown],
    )


def society_table(past: Past, scheme: Scheme) -> dict[str, Any]:
    parts = past.by_society()
    return {
        "society_columns": [Column(_("Society")), *_FIGURES],
        "societies": [
            Row([f"{number} {society_name(number)}", *_cells(part, scheme)], _page(past, number))
            for number, part in parts.items()
        ],
        "total": Row([_("Together"), *_cells(past.together, scheme)]) if parts else None,
    }


def category_table(past: Past, scheme: Scheme, *, members_url: str) -> dict[str, Any]:
    names, parts = category_names(scheme), past.by_category()
    return {
        "category_columns": [Column(_("Category")), *_FIGURES],
        "categories": [
            Row(
                [names.get(code, code), *_cells(parts[code], scheme)],
                f"{members_url}&category={code}" if members_url and code in names else "",
            )
            for code in _in_order(parts, names)
        ],
    }


def past_head(scheme: Scheme) -> list[str]:
    """The head of the file."""
    amounts = (gettext("Dues open (%(currency)s)"), gettext("Dues received until then (%(currency)s)"))
    return [
        gettext("Day"),
        gettext("Number"),
        gettext("Society"),
        gettext("Category"),
        *(str(column.label) for column in _FIGURES[:5]),
        *(each % {"currency": scheme.currency} for each in amounts),
    ]


def past_blocks(past: Past, scheme: Scheme) -> Iterator[Rows]:
    """One block: a row for each category in each society."""
    societies, categories = society_names(), category_names(scheme)
    yield [
        [
            past.on,
            number,
            societies.get(number, number),
            categories.get(category, category),
            part.members,
            part.lapsed,
            part.ended,
            part.in_progress,
            part.refused,
            _major(part.fees_open_minor, scheme.currency),
            _major(part.fees_settled_minor, scheme.currency),
        ]
        for (number, category), part in sorted(past.parts.items())
    ]


def _cells(part: Stood, scheme: Scheme) -> list[object]:
    return [
        part.members,
        part.lapsed,
        part.ended,
        part.in_progress,
        part.refused,
        amount_words(part.fees_open_minor, scheme.currency),
        amount_words(part.fees_settled_minor, scheme.currency),
    ]


def _in_order(parts: Mapping[str, Stood], names: Mapping[str, str]) -> list[str]:
    """The categories of the scheme in its order, then those it has no more."""
    return [*(code for code in names if code in parts), *(code for code in parts if code not in names)]


def _ages() -> list[str]:
    """The classes of age, as short as an axis needs them."""
    firsts = [0, *(last + 1 for last in AGES)]
    closed = [f"{first}–{last}" for first, last in zip(firsts, AGES, strict=False)]
    return [*closed, pgettext("days", "over %(days)s") % {"days": AGES[-1]}]


def _major(minor: int, currency: str) -> int | str:
    """An amount as a spreadsheet counts it: a whole number where it is one."""
    places = MINOR_DIGITS[currency]
    whole, rest = divmod(minor, 10**places)
    return whole if rest == 0 else f"{whole}.{rest:0{places}d}"


def _page(past: Past, society: str) -> str:
    return f"{reverse('console_past')}?as_of={past.on.isoformat()}&society={society}"
