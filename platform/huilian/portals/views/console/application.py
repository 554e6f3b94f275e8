"""One application with its whole dossier on a page, and the society's decision about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import verbs_of
from huilian.applications.models import Application
from huilian.applications.papers import papers_of
from huilian.applications.queries import endorsement_queue, visible_answers
from huilian.applications.services import endorse_application, refuse_application
from huilian.applications.timeline import timeline
from huilian.journal.queries import records_of
from huilian.portals.console.dossier import (
    answer_facts,
    attribution_facts,
    interest_fact,
    known_here,
    paper_rows,
    steps_of,
)
from huilian.portals.console.history import history
from huilian.portals.console.refusing import refusal_warning
from huilian.portals.console.words import APPLICATION_STATES, due_cell, said_state, step_word
from huilian.portals.forms.console import ApproveForm, RefuseForm
from huilian.portals.shapes import Column, Fact, Link
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, attempt, show, show_form
from huilian.portals.wording import in_readers_language
from huilian.schemes.queries import scheme_version, working_calendar
from kit import clock
from referrals.queries import attribution_of


def _handed_in(pk: UUID) -> Application:
    """The application; a draft is nobody's business yet."""
    return get_object_or_404(Application, pk=pk, submitted_at__isnull=False)


@require_safe
@staff("application.see")
def application(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Answers, papers, attribution, what is known already, the way so far; and the decision, if it is ours."""
    found = _handed_in(pk)
    scheme = scheme_version(found.scheme_version)
    category = scheme.category(found.category)
    verbs, today = verbs_of(user), local_day(clock.now())
    papers = [
        {name: getattr(each, name) for name in ("id", "code", "file_name", "content_type", "size")}
        for each in papers_of(found)
    ]
    waits = found.state == APPLICATION_STATES.IN_PROGRESS and found.step_actor == "society"
    context = {
        "application": found,
        "eyebrow": f"{found.reference} · {in_readers_language(category.name)}",
        "state": said_state(APPLICATION_STATES, found.state),
        "step": step_word(found.step) if found.step else "",
        "clock": due_cell(found.step_due_on, today, working_calendar(scheme.calendar)) if found.step else "",
        "outcome": _outcome(found),
        "answers": [
            *answer_facts(category, visible_answers(found), contacts="member.reveal" in verbs),
            *interest_fact(found.interests),
        ],
        "papers": paper_rows(category, papers, url_name="paper"),
        "attribution": attribution_facts(attribution_of(found.pk), scheme),
        "known": known_here(found),
        "known_columns": [Column(_("Who")), Column(_("What")), Column(_("State")), Column(_("In common"))],
        "steps": steps_of(timeline(found, on=today), refused=found.state == APPLICATION_STATES.REFUSED),
        "history": history(records_of(found)[:30]) if "journal.see" in verbs else [],
        "may_decide": waits and "application.endorse" in verbs and found.user_id != user.pk,
        "waits": waits,
        "form": ApproveForm(initial={"version": found.version}),
        "keys": [Fact(_("Endorse the application"), "e"), Fact(_("Refuse"), "r"), Fact(_("Next application"), "j")],
        "next_url": _next_url(found),
        "back": Link(_("To endorse") if waits else _("Applications"), _list_url(waits=waits)),
    }
    return show(request, user, "application.html", context)


@require_POST
@staff("application.endorse")
def endorse(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Decide in the applicant's favour; the page then shows where the application stands."""
    found = _handed_in(pk)
    form = ApproveForm(request.POST)
    page = reverse("console_application", args=[found.pk])
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(page)
    wish = form.cleaned_data
    return act_and_return(
        request,
        lambda: endorse_application(
            found, by_user=user, reason=wish["reason"], version=wish["version"], at=clock.now()
        ),
        done=_("%(name)s is endorsed.") % {"name": found.name},
        to=page,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("application.endorse")
def refuse(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Refuse with reasons in writing: the page that asks for them is also the one that asks once more."""
    found = _handed_in(pk)
    page = reverse("console_application", args=[found.pk])
    form = RefuseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if form.is_valid():
        wish = form.cleaned_data
        if attempt(
            form,
            lambda: refuse_application(
                found, by_user=user, reasons=wish["reasons"], version=wish["version"], at=clock.now()
            ),
        ):
            messages.success(request, _("The application is refused; the applicant is told, with the reasons."))
            return HttpResponseRedirect(page)
    return show_form(
        request,
        user,
        form,
        title=_("Refuse this application?"),
        facts=[Fact(_("Name"), found.name), Fact(_("Reference"), found.reference)],
        warning=refusal_warning(found, on=local_day(clock.now())),
        button=_("Refuse the application"),
        look="bad",
        back=Link(_("Back"), page),
    )


def _outcome(found: Application) -> list[Fact]:
    """How an application ended, where it has."""
    facts = [Fact(_("Ended"), day(found.ended_at))] if found.ended_at else []
    if found.reasons:
        facts.append(Fact(_("Reasons"), found.reasons))
    if found.reapply_on:
        facts.append(Fact(_("May apply again from"), day(found.reapply_on)))
    return facts


def _list_url(*, waits: bool) -> str:
    return reverse("console_endorsements" if waits else "console_applications")


def _next_url(found: Application) -> str:
    following = endorsement_queue().exclude(pk=found.pk).values_list("pk", flat=True).first()
    return reverse("console_application", args=[following]) if following else ""
