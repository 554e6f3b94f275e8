"""How the console puts into words what rows hold as codes: people, societies, states, clocks."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from huilian.applications.models import Application
from huilian.billing.models import Bill
from huilian.members.models import Member
from huilian.portals.shapes import BodyName, Words
from huilian.portals.templatetags.huilian_tags import badge, day
from huilian.portals.wording import in_readers_language
from huilian.schemes.document import Scheme
from kit.calendar import WorkingCalendar
from tenants import registry

NOTHING = "—"
_CHINESE = re.compile("[\u4e00-\u9fff]")
IMPORTED = "import"  # the channel of members who were taken over, not won

STEP_WORDS: Mapping[str, Words] = {
    "submit": _("Submission"),
    "endorse": _("Endorsement"),
    "review": _("Review"),
    "pay": _("Payment"),
    "confirm": _("Confirmation of payment"),
    "activate": _("Activation"),
}
KIND_WORDS: Mapping[str, Words] = {"person": _("Person"), "institution": _("Institution")}
ACTOR_WORDS: Mapping[str, Words] = {
    "society": _("The society"),
    "headquarters": _("Headquarters"),
    "applicant": _("The applicant"),
    "system": _("Automatically"),
}
MEMBER_STATES, APPLICATION_STATES, BILL_STATES = Member.State, Application.State, Bill.State


def category_names(scheme: Scheme) -> dict[str, str]:
    """The categories by code, the lowest first, in the reader's language."""
    return {category.code: in_readers_language(category.name) for category in scheme.by_rank()}


def channel_names(scheme: Scheme) -> dict[str, str]:
    """The channels by kind, in the scheme's order; last, of those who came by none."""
    named: dict[str, str] = {channel.kind: in_readers_language(channel.name) for channel in scheme.channels}
    return {**named, IMPORTED: gettext("Taken over from a list")}


def society_names() -> dict[str, str]:
    """Every society by number: public knowledge, read without a query."""
    return {number: society.name for number, society in sorted(registry.street_map().by_number.items())}


def society_name(number: str) -> str:
    """A society's name, or its number where the street map does not know it."""
    society = registry.street_map().by_number.get(number)
    return BodyName(society.name) if society else number


def said_state(states: type[TextChoices], value: str) -> SafeString:
    """A state as a badge, in its own words; an unknown one as it is."""
    return badge(states(value)) if value in states.values else badge(value)


def step_word(kind: str) -> str:
    return str(STEP_WORDS.get(kind, kind))


def step_order(kind: str) -> int:
    """Where a step comes on the way of an application; what nobody knows comes last."""
    return list(STEP_WORDS).index(kind) if kind in STEP_WORDS else len(STEP_WORDS)


def actor_word(actor: str) -> str:
    """Whose turn it is at a step."""
    return str(ACTOR_WORDS.get(actor, actor))


def actor_name(actor: str) -> str:
    """Who acted, as `journal.actors` wrote it down: the name that the user had."""
    if actor == "system":
        return gettext("Automatically")
    if actor.startswith("hq:"):
        return gettext("Headquarters")
    if actor.startswith("applicant"):
        return gettext("The applicant")
    if actor == "payer":
        return gettext("The payer")
    if actor.startswith("user:"):
        number, _space, name = actor.removeprefix("user:").partition(" ")
        return name or gettext("User %(number)s") % {"number": number}
    return actor


def clock_badge(due_on: date | None, today: date, calendar: WorkingCalendar) -> SafeString:
    """By when something is to be done, in words and colour: working days left, today, or late."""
    if due_on is None:
        return badge("none", label=gettext("no clock"), tone="quiet")
    left = calendar.working_days_between(today, due_on)
    if due_on < today:
        late = max(1, -left)
        words = ngettext("%(days)s working day late", "%(days)s working days late", late) % {"days": late}
        return badge("late", label=words, tone="bad")
    if left == 0:
        return badge("due", label=gettext("due today"), tone="warn")
    words = ngettext("%(days)s working day left", "%(days)s working days left", left) % {"days": left}
    return badge("open", label=words, tone="info" if left > 1 else "warn")


def due_cell(due_on: date | None, today: date, calendar: WorkingCalendar) -> SafeString:
    """The clock with its day."""
    clock = clock_badge(due_on, today, calendar)
    return clock if due_on is None else format_html('{} <span class="muted whole">{}</span>', clock, day(due_on))


def period_words(from_on: date | None, to_on: date | None) -> str:
    """A half-open period by its first and its last day, as people say it; a table breaks it between the two."""
    last = date.fromordinal(to_on.toordinal() - 1) if to_on else None
    if from_on and last:
        days = {
            name: format_html('<span class="whole">{}</span>', day(on))
            for name, on in (("first", from_on), ("last", last))
        }
        words = mark_safe(gettext("%(first)s to %(last)s") % days)  # noqa: S308 - ours, and days
        return format_html("<span>{}</span>", words)  # a phone sets what a cell holds below each other
    if from_on:
        return gettext("from %(first)s on") % {"first": day(from_on)}
    return gettext("until %(last)s") % {"last": day(last)} if last else gettext("without an end")


def last_day(to_on: date | None) -> str:
    """The last day that a half-open period covers."""
    return day(date.fromordinal(to_on.toordinal() - 1)) if to_on else gettext("without an end")


def month_names(months: Sequence[date]) -> list[str]:
    """Months as short as the axis of a chart needs them: Nov, 11月."""
    return [f"{month.month}月" if _in_chinese() else date_format(month, "M") for month in months]


def day_names(days: Sequence[date]) -> list[str]:
    """Days as short as the axis of a chart needs them: 24 Nov, 11/24."""
    return [f"{each.month}/{each.day}" if _in_chinese() else date_format(each, "j M") for each in days]


def months_words(months: Sequence[date]) -> str:
    """From which month to which."""
    facts = {"first": date_format(months[0], "YEAR_MONTH_FORMAT"), "last": date_format(months[-1], "YEAR_MONTH_FORMAT")}
    return gettext("%(first)s to %(last)s") % facts


def masked(text: str) -> str:
    """A phone, an e-mail or a number of which only so much is shown that its owner knows it again."""
    if not text:
        return NOTHING
    name, at, host = text.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{text[:-8]}****{text[-4:]}" if len(text) >= 11 else f"{text[:1]}***{text[-1:]}"


def heard(name: object) -> SafeString:
    """Whom or what a short link is about, for those who hear it without its row."""
    return format_html('<span class="vh">{}{}</span>', pgettext("between a label and its message", ": "), name)


def listed(words: list[str]) -> str:
    """Several words in one cell."""
    return ("、" if _in_chinese() else ", ").join(words) or NOTHING


def in_ones_words(text: str) -> str:
    """What was written as “Chinese / English” in the reader's language; anything else as it is."""
    chinese, slash, english = text.partition(" / ")
    if not slash or not _CHINESE.search(chinese) or _CHINESE.search(english):
        return text
    return chinese if _in_chinese() else english


def _in_chinese() -> bool:
    return (get_language() or "").startswith("zh")
