"""The approvals desk: what waits for a decision of headquarters, the most urgent first."""

from collections.abc import Collection, Sequence
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.models import Case
from federation.ledger.queries import open_cases
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import may
from huilian.applications.together import may_go_together
from huilian.journal.actors import actor_of
from huilian.portals.console.words import NOTHING, actor_name, category_names, due_cell, heard, society_name, step_word
from huilian.portals.forms.console_filters import CaseFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import badge, day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme, working_calendar
from kit import clock


def next_case(user: User, *, after: Case | None = None) -> Case | None:
    """The most urgent case that this officer can decide: nobody else's, and not decided by them already."""
    actor = actor_of(user)
    free = open_cases().filter(claimed_by__in=["", actor]).exclude(decisions__officer=actor)
    return (free.exclude(pk=after.pk) if after else free).first()


@require_safe
@staff("case.see")
def cases(request: HttpRequest, user: User) -> HttpResponse:
    """The queue, with each case's clock in words and colour."""
    scheme, today = current_scheme(), local_day(clock.now())
    form = CaseFilter(request.GET, scheme)
    page = page_of(request, _found(form, open_cases(), user, on=today))
    together = {case.pk for case in page if may_go_together(case)} if may(user, "case.decide") else set()
    return show_list(
        request,
        user,
        title=_("Approvals"),
        lead=_("Applications that wait for headquarters, the most urgent first."),
        columns=[
            Column(_("Name")),
            Column(_("Category")),
            Column(_("Society")),
            Column(_("Step")),
            Column(_("Arrived")),
            Column(_("Clock")),
            Column(_("Taken on by")),
            *([Column(_("Approve together"))] if together else []),
        ],
        rows=[
            _row(case, scheme, today, mine=actor_of(user), more=[_choice(case, together)] if together else [])
            for case in page
        ],
        template="cases.html",
        choosing=len(together),
        all_of_them=urlencode([("case", str(case.pk)) for case in page if case.pk in together]),
        page=page,
        filters=form,
        actions=[Link(_("Next case"), reverse("console_case_next"), look="main", icon="next", key="j")],
        empty_title=_("No case found") if request.GET else _("The desk is clear"),
        empty_text="" if request.GET else _("Cases appear here as soon as an application reaches headquarters' step."),
    )


@require_safe
@staff("case.see")
def go_to_next(request: HttpRequest, user: User) -> HttpResponse:
    """Lead to the next case to decide, or back to the list where there is none."""
    case = next_case(user)
    if case is None:
        messages.info(request, gettext("Nothing is left for you to decide."))
        return HttpResponseRedirect(reverse("console_cases"))
    return HttpResponseRedirect(reverse("console_case", args=[case.pk]))


def _found(form: CaseFilter, found: QuerySet[Case], user: User, *, on: date) -> QuerySet[Case]:
    for name in ("society", "category"):
        if value := form.chosen(name):
            found = found.filter(**{name: value})
    late = Q(due_on__lt=on)
    match form.chosen("clock"):
        case "late":
            found = found.filter(late)
        case "running":
            found = found.exclude(late)
    actor = actor_of(user)
    match form.chosen("whose"):
        case "free":
            found = found.filter(claimed_by="")
        case "mine":
            found = found.filter(claimed_by=actor)
        case "others":
            found = found.exclude(claimed_by__in=["", actor])
    return found


def _row(case: Case, scheme: Scheme, today: date, *, mine: str, more: Sequence[object]) -> Row:
    return Row(
        [
            format_html('{}<br><span class="mono muted">{}</span>', case.name, case.reference),
            category_names(scheme).get(case.category, case.category),
            society_name(case.society),
            _step(case),
            day(case.opened_at),
            due_cell(case.due_on, today, working_calendar(scheme.calendar)),
            _holder(case, mine),
            *more,
        ],
        reverse("console_case", args=[case.pk]),
    )


def _choice(case: Case, together: Collection[object]) -> SafeString | str:
    """A box for each case that may be approved with others; the form it belongs to stands below the list."""
    if case.pk not in together:
        return NOTHING
    return format_html(
        '<label class="tick"><input type="checkbox" name="case" value="{}" form="together"><span>{}{}</span></label>',
        case.pk,
        gettext("choose"),
        heard(case.name),
    )


def _step(case: Case) -> str:
    if case.persons <= 1:
        return step_word(case.step)
    persons = ngettext("%(count)s person", "%(count)s persons", case.persons) % {"count": case.persons}
    return f"{step_word(case.step)} · {persons}"


def _holder(case: Case, mine: str) -> SafeString | str:
    if not case.claimed_by:
        return ""
    if case.claimed_by == mine:
        return badge("current", label=gettext("taken on by you"))
    return actor_name(case.claimed_by)
