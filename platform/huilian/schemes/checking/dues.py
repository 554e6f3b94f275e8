"""Dues: dated rows with a resolution behind each, and the limits which the law sets them."""

from collections.abc import Iterator, Sequence
from datetime import date

from huilian.schemes.document import Category, Scheme
from huilian.schemes.problems import Problem
from huilian.schemes.problems import gettext_noop as _

# In the mainland, the rules for dues of social organisations allow no more.
MOST_TIERS = 4


def dues_problems(category: Category, effective_on: date, place: str) -> Iterator[Problem]:
    """Everything wrong with the dues of one class; `place` is that of the class."""
    for index, row in enumerate(category.dues):
        here = f"{place}.dues[{index}]"
        if index and row.effective_on <= category.dues[index - 1].effective_on:
            yield Problem(f"{here}.effective_on", _("dues rows stand in the order of their dates, one row to a date"))
        if row.resolved_on and row.resolved_on > row.effective_on:
            yield Problem(f"{here}.resolved_on", _("dues cannot take effect before they were resolved"))
    pays = category.step("pay") is not None
    owed = any(row.amount_minor for row in category.dues)
    if pays and not any(row.effective_on <= effective_on for row in category.dues):
        yield Problem(
            f"{place}.dues",
            _("the route asks for payment, so dues must be in force when the scheme begins (%(day)s)"),
            {"day": effective_on.isoformat()},
        )
    if pays and category.payment_days is None:
        yield Problem(f"{place}.payment_days", _("say how many days an approved applicant has to pay"), missing=True)
    if owed and not pays:
        yield Problem(f"{place}.route", _("there are dues, but the route has no pay step to ask for them"))
    if category.receipt and not owed:
        yield Problem(f"{place}.receipt", _("a receipt is for dues, and this category has none"))


def tier_problems(scheme: Scheme, categories: Sequence[Category]) -> Iterator[Problem]:
    """Report the first day on which a mainland federation would have too many tiers of dues."""
    if scheme.calendar != "CN":
        return
    for day in sorted({row.effective_on for category in categories for row in category.dues}):
        in_force = [scheme.dues_on(category, day) for category in categories]
        tiers = sorted({row.amount_minor for row in in_force if row is not None and row.amount_minor})
        if len(tiers) > MOST_TIERS:
            facts = {"day": day.isoformat(), "count": len(tiers), "most": MOST_TIERS}
            yield Problem(
                "categories",
                _("on %(day)s there would be %(count)s tiers of dues; at most %(most)s are lawful"),
                facts,
            )
            return
