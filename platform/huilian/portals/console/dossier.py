"""An application as staff read it: answers, papers, who recommended, what is known already, how it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huilian.applications.models import Application
from huilian.applications.timeline import TimelineStep
from huilian.members.models import Member
from huilian.portals.console.words import (
    APPLICATION_STATES,
    MEMBER_STATES,
    NOTHING,
    STEP_WORDS,
    category_names,
    channel_names,
    listed,
    masked,
    said_state,
    society_name,
)
from huilian.portals.shapes import Fact, Row, Step, StepState, Words
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.wording import in_readers_language
from huilian.schemes.document import Category, Scheme
from huilian.schemes.fields import CATALOGUE, Field, choices_for, fields_of
from referrals.models import Attribution

_CONTACTS = frozenset({"mobile", "email", "representative_phone", "representative_email"})
_SAME: Mapping[str, Words] = {
    "phone": _("the same phone"),
    "email": _("the same e-mail"),
    "id_number": _("the same ID number"),
}
_STATES: Mapping[str, StepState] = {"done": "done", "next": "todo", "skipped": "skipped", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that came with the application."""

    label: str
    file_name: str
    kind: str
    kilobytes: int
    url: str


def answer_facts(category: Category, answers: Mapping[str, Any], *, contacts: bool = True) -> list[Fact]:
    """The answers in the order of the form; `contacts` off shows phones and e-mails with their middle left out."""
    facts = []
    for field, _required in fields_of(category):
        answer = answers.get(field.code)
        if answer in (None, "", []):
            continue
        words = _said(field, category, answer)
        if not contacts and field.code in _CONTACTS:
            words = masked(words)
        facts.append(Fact(in_readers_language(field.label), linebreaksbr(words) if "\n" in words else words))
    return facts


def _said(field: Field, category: Category, answer: Any) -> str:
    if field.kind == "societies":
        return listed([society_name(str(number)) for number in answer])
    if field.kind == "date" and (written := _date(answer)):
        return day(written)
    choices = (*field.choices, *choices_for(field, category))
    offered = {choice.code: in_readers_language(choice.label) for choice in choices}
    if isinstance(answer, list | tuple):
        return listed([offered.get(str(item), str(item)) for item in answer])
    return offered.get(str(answer), str(answer))


def _date(answer: Any) -> date | None:
    """The day that an answer names; lists of members that were taken over may hold other words."""
    try:
        return date.fromisoformat(str(answer))
    except ValueError:
        return None


def interest_fact(interests: Iterable[str]) -> list[Fact]:
    """The branches of interest, where any are named."""
    names = [society_name(number) for number in interests]
    return [Fact(in_readers_language(CATALOGUE["interests"].label), listed(names))] if names else []


def paper_rows(
    category: Category, papers: Iterable[Mapping[str, Any]], *, url_name: str, before: tuple[Any, ...] = ()
) -> list[PaperRow]:
    """Papers by name, each with the page that opens it; `papers` are mappings as in a case's dossier."""
    names = {paper.code: in_readers_language(paper.name) for paper in category.papers}
    return [
        PaperRow(
            label=names.get(str(paper["code"]), str(paper["code"])),
            file_name=str(paper["file_name"]),
            kind=str(paper["content_type"]).rpartition("/")[2].upper(),
            kilobytes=max(1, int(paper["size"]) // 1024),
            url=reverse(url_name, args=[*before, paper["id"]]),
        )
        for paper in papers
    ]


def steps_of(timeline: Iterable[TimelineStep], *, refused: bool) -> list[Step]:
    """The way of an application, for the part that draws steps; unless `refused`, what ended it was no failure."""
    states = _STATES if refused else {**_STATES, "failed": "stopped"}
    return [
        Step(
            label=STEP_WORDS.get(step.kind, step.kind),
            state=states.get(step.state, "late" if step.overdue else "current"),
            actor=_("The applicant") if step.kind in ("submit", "pay") else step.actor_text,
            due_on=step.due_on,
            at=step.at,
            note=step.reason,
        )
        for step in timeline
    ]


def attribution_facts(attribution: Attribution | None, scheme: Scheme) -> list[Fact]:
    """By whom the application came, as it stood when it was handed in."""
    if attribution is None:
        return []
    facts = [Fact(_("Channel"), channel_names(scheme).get(attribution.channel, attribution.channel))]
    if attribution.code:
        facts.append(Fact(_("Referral code"), attribution.code))
    if attribution.recommender_number:
        category = category_names(scheme).get(attribution.recommender_category, attribution.recommender_category)
        known = f"{attribution.recommender_name} · {attribution.recommender_number}"
        facts.append(Fact(_("Recommender"), known))
        facts.append(Fact(_("Category of the recommender"), category or NOTHING))
        facts.append(Fact(_("Society of the recommender"), society_name(attribution.recommender_society)))
    rules = gettext("version %(version)s of the scheme") % {"version": attribution.scheme_version}
    facts.append(Fact(_("Rules of"), rules))
    return facts


def known_here(application: Application) -> list[Row]:
    """Members and other applications of this society with the same phone, e-mail or ID number: two queries."""
    hashes = {name: getattr(application, f"{name}_hash") for name in _SAME}
    wanted = Q(pk=None)
    for name, value in hashes.items():
        if value:
            wanted |= Q(**{f"{name}_hash": value})
    rows = []
    for member in Member.objects.filter(wanted).exclude(application_id=application.pk).order_by("number")[:20]:
        cells = [f"{member.name} {member.number}", _("A member"), said_state(MEMBER_STATES, member.state)]
        rows.append(Row([*cells, _same(hashes, member)], reverse("console_member", args=[member.pk])))
    others = Application.objects.filter(wanted, submitted_at__isnull=False).exclude(pk=application.pk)
    for other in others.order_by("-submitted_at", "pk")[:20]:
        cells = [f"{other.name} {other.reference}", _("An application"), said_state(APPLICATION_STATES, other.state)]
        rows.append(Row([*cells, _same(hashes, other)], reverse("console_application", args=[other.pk])))
    return rows


def same_words(same: Iterable[str]) -> str:
    """What two applications have in common."""
    return listed([str(_SAME.get(name, name)) for name in same])


def _same(hashes: Mapping[str, str], row: object) -> str:
    return same_words(name for name, value in hashes.items() if value and getattr(row, f"{name}_hash") == value)
