"""Which years membership covers, and who may join again."""

from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from huilian.members.models import Member
from huilian.members.queries import standing_of
from huilian.schemes.document import Category, Scheme
from kit.clock import split_years
from kit.errors import Refusal

Year = tuple[date, date | None]  # half-open; an open end: without a term


def years_from(on: date, count: int) -> tuple[Year, ...]:
    """So many entitlement years, end to end, the first beginning on this day."""
    return tuple((year.from_on, year.to_on) for year in split_years(on, count))


def check_years(years: tuple[Year, ...]) -> None:
    """Raise ValueError unless the years follow one another exactly; only the last may have no end."""
    if not years:
        raise ValueError("membership begins with at least one year")
    for from_on, to_on in years:
        if to_on is not None and to_on <= from_on:
            raise ValueError(f"a year cannot begin on {from_on} and end on {to_on}")
    for (_from_on, to_on), (next_from, _next_to) in pairwise(years):
        if to_on != next_from:
            raise ValueError(f"a year that ends on {to_on} is not followed by one that begins on {next_from}")


def check_may_join(member: Member | None, category: Category, scheme: Scheme, *, on: date) -> None:
    """Pass who is not in standing yet, or would rise; raises Refusal `already_member`, status 409.

    One person has one number for life: who lapsed joins again as the same member.
    """
    if member is None or member.kind != category.kind or not standing_of(member, on):
        return
    ranks = {each.code: each.rank for each in scheme.categories}
    if member.category != category.code and ranks.get(member.category, 0) < category.rank:
        return
    if member.to_on is None:
        sentence = _("You are a member in standing already, with number %(number)s, without an end.")
    else:
        sentence = _("You are a member in standing already, with number %(number)s, until %(until)s.")
    last = member.to_on - timedelta(days=1) if member.to_on else None
    raise Refusal("already_member", sentence, status=409, number=member.number, until=last)
