"""The rules between the parts of a scheme."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from huilian.schemes.checking.category import category_problems
from huilian.schemes.checking.dues import dues_problems, tier_problems
from huilian.schemes.checking.route import route_problems
from huilian.schemes.document import Category, Scheme
from huilian.schemes.problems import Problem
from huilian.schemes.problems import gettext_noop as _
from huilian.schemes.reading.node import is_time_zone


def scheme_problems(scheme: Scheme, *, unsound: Collection[str] = ()) -> Iterator[Problem]:
    """Everything that contradicts itself or the law.

    Categories with a code in `unsound` are known to be misread already and are not looked into.
    """
    sound = [category for category in scheme.categories if category.code not in unsound]
    yield from _office_problems(scheme)
    if scheme.channel("headquarters") is None:
        yield Problem("channels.headquarters", _("the door for those whom nobody recommends"), missing=True)
    if not scheme.categories:
        yield Problem("categories", _("a federation needs at least one category of members"))
    for category in sound:
        place = f"categories.{category.code}"
        yield from category_problems(scheme, category, place)
        yield from route_problems(category, place)
        yield from dues_problems(category, scheme.effective_on, place)
    yield from _twice(sound, "rank", lambda category: category.rank)
    yield from _twice(sound, "grade_letter", lambda category: category.grade_letter)
    yield from tier_problems(scheme, sound)
    if scheme.receipt_name is None and any(category.receipt for category in sound):
        yield Problem("receipt_name", _("say which receipt members get for their dues"), missing=True)
    yield from _benefit_problems(scheme)
    for index, days in enumerate(scheme.reminder_days):
        if days in scheme.reminder_days[:index]:
            yield Problem(f"reminder_days[{index}]", _("%(days)s stands in this list twice"), {"days": days})


def _office_problems(scheme: Scheme) -> Iterator[Problem]:
    office = scheme.office
    if not is_time_zone(office.zone):
        yield Problem("office.zone", _("expected a time zone such as Asia/Shanghai"), got=f'"{office.zone}"')
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", office.email):
        yield Problem("office.email", _("expected an e-mail address"), got=f'"{office.email}"')
    if office.website and not re.fullmatch(r"https?://[^\s]+", office.website):
        yield Problem("office.website", _("expected an address that begins with https://"), got=f'"{office.website}"')


def _twice(categories: Sequence[Category], key: str, of: Callable[[Category], object]) -> Iterator[Problem]:
    owners: dict[object, str] = {}
    for category in categories:
        value = of(category)
        if value in owners:
            facts = {"value": value, "other": owners[value]}
            yield Problem(f"categories.{category.code}.{key}", _("%(value)s is that of %(other)s already"), facts)
        else:
            owners[value] = category.code


def _benefit_problems(scheme: Scheme) -> Iterator[Problem]:
    codes = [category.code for category in scheme.categories]
    for benefit in scheme.benefits if codes else ():
        place = f"benefits.{benefit.code}.grants"
        for code in codes:
            if code not in benefit.grants:
                yield Problem(f"{place}.{code}", _("say yes, no or on what condition"), missing=True)
        for code in benefit.grants:
            if code not in codes:
                yield Problem(f"{place}.{code}", _("there is no such category"))
