"""What membership offers, put together from the scheme in force: one card a category, and two tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huilian.portals.shapes import Column, Row
from huilian.portals.wording import dues_words, in_readers_language, term_words
from huilian.schemes.document import Benefit, Category, DuesRow, Scheme


@dataclass(frozen=True, slots=True)
class Offer:
    """A category as a visitor sees it today."""

    category: Category
    dues: DuesRow | None
    join_url: str


def offers_of(scheme: Scheme, *, on: date) -> list[Offer]:
    """The categories that one can apply for, the lowest first, with the dues of the day."""
    return [offer_of(scheme, category, on=on) for category in scheme.open_categories()]


def offer_of(scheme: Scheme, category: Category, *, on: date) -> Offer:
    return Offer(
        category=category,
        dues=scheme.dues_on(category, on),
        join_url=f"{reverse('join')}?category={category.code}",
    )


def granted_categories(scheme: Scheme) -> list[Category]:
    """Those that are never applied for: a resolution grants them."""
    return [category for category in scheme.by_rank() if not category.self_application]


def comparison(scheme: Scheme, *, on: date) -> tuple[list[Column], list[Row]]:
    """The categories side by side: dues, term, certificate, receipt, and how long the road is."""
    categories = scheme.by_rank()
    rows = [
        Row([_("Dues"), *(_dues(scheme, each, on=on) for each in categories)]),
        Row([_("Term"), *(term_words(each) for each in categories)]),
        Row([_("Certificate"), *(_certificate(each) for each in categories)]),
        Row([_("Receipt for dues"), *(_receipt(scheme, each) for each in categories)]),
        Row([_("Working days it takes"), *(_duration(each) for each in categories)]),
    ]
    return _columns(categories), [row for row in rows if any(cell != _NOTHING for cell in row.cells[1:])]


def benefit_table(scheme: Scheme) -> tuple[list[Column], list[Row]]:
    """Benefits by category, each with the condition under which it is granted."""
    categories = scheme.by_rank()
    rows = [
        Row([in_readers_language(benefit.name), *(_grant(benefit, each) for each in categories)])
        for benefit in scheme.benefits
    ]
    return _columns(categories), rows


_NOTHING = "—"


def _columns(categories: Sequence[Category]) -> list[Column]:
    return [Column(_("Category")), *(Column(in_readers_language(category.name)) for category in categories)]


def _dues(scheme: Scheme, category: Category, *, on: date) -> str:
    if not any(each.dues for each in scheme.categories):
        return _NOTHING
    return dues_words(scheme.dues_on(category, on), scheme.currency)


def _certificate(category: Category) -> str:
    kinds = [
        name
        for name, issued in (
            (_("electronic"), category.certificate.electronic),
            (_("on paper"), category.certificate.paper),
        )
        if issued
    ]
    return _(", ").join(kinds) or _NOTHING


def _receipt(scheme: Scheme, category: Category) -> str:
    if not category.receipt:
        return _NOTHING
    return in_readers_language(scheme.receipt_name) if scheme.receipt_name else _("yes")


def _duration(category: Category) -> str:
    """How long everybody else has altogether; the applicant's own time is not counted."""
    days = sum(step.clock_days or 0 for step in category.route)
    if not category.self_application:
        return _NOTHING
    return _("up to %(days)s") % {"days": days} if days else _("at once")


def _grant(benefit: Benefit, category: Category) -> str:
    grant = benefit.grants.get(category.code)
    if grant is None or not grant.included:
        return _sign("—", _("not included"))
    return in_readers_language(grant.condition) if grant.condition else _sign("✓", _("included"))


def _sign(sign: str, words: str) -> SafeString:
    """A sign for the eye and words for the ear."""
    return format_html('<span aria-hidden="true">{}</span><span class="vh">{}</span>', sign, words)
