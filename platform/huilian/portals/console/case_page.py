"""A case as the approvals desk reads it: the dossier that came with it, and what headquarters' own books know."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from federation.ledger.models import Case, Decision
from federation.ledger.queries import Duplicate
from huilian.portals.console.dossier import same_words
from huilian.portals.console.words import (
    APPLICATION_STATES,
    MEMBER_STATES,
    NOTHING,
    category_names,
    channel_names,
    said_state,
    society_name,
    step_word,
)
from huilian.portals.shapes import Fact, Row, Step
from huilian.portals.templatetags.huilian_tags import badge, day, moment
from huilian.schemes.document import Scheme


def dossier_facts(case: Case, scheme: Scheme) -> list[Fact]:
    """By whom the application came, and when."""
    submitted = parse_datetime(str(case.dossier.get("submitted_at") or ""))
    facts = [
        Fact(_("Society"), society_name(case.society)),
        Fact(_("Channel"), channel_names(scheme).get(case.channel, case.channel)),
    ]
    recommender = case.dossier.get("recommender") or {}
    if case.recommender_number:
        facts.append(Fact(_("Recommender"), f"{recommender.get('name', '')} · {case.recommender_number}".strip(" ·")))
        category = str(recommender.get("category", ""))
        facts.append(Fact(_("Category of the recommender"), category_names(scheme).get(category, category) or NOTHING))
        facts.append(Fact(_("Society of the recommender"), society_name(str(recommender.get("society", "")))))
    facts.append(Fact(_("Handed in"), moment(submitted) if submitted else NOTHING))
    facts.append(Fact(_("Arrived here"), moment(case.opened_at)))
    facts.append(Fact(_("Rules of"), gettext("version %(version)s of the scheme") % {"version": case.scheme_version}))
    return facts


def earlier_steps(case: Case) -> list[Step]:
    """What the society did before it asked."""
    return [
        Step(
            label=step_word(str(step.get("kind", ""))),
            state="done",
            actor=society_name(case.society),
            at=_moment(step.get("at")),
            note=str(step.get("reason", "")),
        )
        for step in case.dossier.get("steps", [])
    ]


def duplicate_rows(found: Iterable[Duplicate]) -> list[Row]:
    """Where in the federation the applicant is known already: says where, never who."""
    rows = []
    for each in found:
        states = MEMBER_STATES if each.what == "member" else APPLICATION_STATES
        what = gettext("A member") if each.what == "member" else gettext("An application")
        if each.reapply_on:
            what = gettext("%(what)s, may apply again from %(day)s") % {"what": what, "day": day(each.reapply_on)}
        rows.append(Row([society_name(each.society), what, said_state(states, each.state), same_words(each.same)]))
    return rows


def decision_rows(decisions: Iterable[Decision]) -> list[Row]:
    """Who has decided what so far."""
    labels = {"approved": gettext("approved by the officer"), "refused": gettext("refused by the officer")}
    return [
        Row(
            [
                each.officer_name,
                badge(each.outcome, label=labels.get(each.outcome, each.outcome)),
                each.reasons or NOTHING,
                moment(each.at),
            ]
        )
        for each in decisions
    ]


def _moment(text: object) -> datetime | None:
    return parse_datetime(text) if isinstance(text, str) else None
