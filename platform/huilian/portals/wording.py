"""How the pages put into words what a scheme holds as data: dues, terms, steps and days."""

from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from huilian.portals.shapes import Words
from huilian.schemes.document import BY_RESOLUTION, Category, DuesRow, Step, Text
from kit.money import Money, format_money

STEP_LABELS: dict[str, Words] = {
    "submit": _("Application"),
    "endorse": _("Endorsement"),
    "review": _("Review"),
    "pay": pgettext_lazy("step", "Dues"),
    "confirm": _("Confirmation of the payment"),
    "activate": pgettext_lazy("step", "Membership"),
}
_STEP_SENTENCES: dict[str, Words] = {
    "endorse": _("The society looks at your application"),
    "review": _("Headquarters reviews it"),
    "pay": _("You pay the dues"),
    "confirm": _("The finance office confirms your payment"),
    "activate": _("You are a member"),
}


def in_readers_language(text: Text) -> str:
    """A text of the scheme as the reader reads it."""
    return text.in_language(get_language() or "zh")


def in_a_row(*sentences: str) -> str:
    """Sentences one after the other; Chinese puts no space between them."""
    said, *more = [each for each in sentences if each] or [""]
    for each in more:
        said = gettext("%(first)s %(second)s") % {"first": said, "second": each}
    return said


def amount_words(minor: int, currency: str) -> str:
    """An amount in the reader's habit."""
    return format_money(Money(minor, currency), get_language() or "en")


def dues_words(row: DuesRow | None, currency: str) -> str:
    """What membership costs: an amount a year, an amount once, or nothing."""
    if row is None or row.amount_minor == 0:
        return gettext("Free of charge")
    amount = amount_words(row.amount_minor, currency)
    if row.period_years == 0:
        return gettext("%(amount)s once") % {"amount": amount}
    if row.period_years == 1:
        return gettext("%(amount)s a year") % {"amount": amount}
    return gettext("%(amount)s for %(years)s years") % {"amount": amount, "years": row.period_years}


def term_words(category: Category) -> str:
    """For how long one is a member before it is renewed."""
    if category.term == BY_RESOLUTION:
        return gettext("Set by the resolution")
    years = int(category.term)
    return ngettext("%(years)s year", "%(years)s years", years) % {"years": years}


def step_words(step: Step) -> str:
    """What happens at a step, and within how many working days."""
    sentence = str(_STEP_SENTENCES[step.kind])
    days = days_words(step)
    return gettext("%(what)s (%(days)s)") % {"what": sentence, "days": days} if days else sentence


def days_words(step: Step) -> str:
    """The promise of a step's clock; nothing where none is made."""
    if not step.clock_days:
        return ""
    if step.clock_min_days and step.clock_min_days < step.clock_days:
        facts = {"least": step.clock_min_days, "most": step.clock_days}
        return gettext("%(least)s to %(most)s working days") % facts
    return ngettext("within %(most)s working day", "within %(most)s working days", step.clock_days) % {
        "most": step.clock_days
    }
