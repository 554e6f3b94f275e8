"""One case on the approvals desk: the dossier, what is known elsewhere, claiming, deciding, and on to the next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from federation.ledger.desk import APPROVED, REFUSED
from federation.ledger.models import Case, Decision
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import verbs_of
from huilian.applications.deciding import claim_case, decide_case, known_elsewhere, release_case
from huilian.applications.papers import paper_url
from huilian.journal.actors import actor_of
from huilian.portals.console.case_page import decision_rows, dossier_facts, duplicate_rows, earlier_steps
from huilian.portals.console.dossier import answer_facts, interest_fact, paper_rows
from huilian.portals.console.refusing import refusal_warning
from huilian.portals.console.words import actor_name, due_cell, said_state, society_name, step_word
from huilian.portals.forms.console import ApproveForm, RefuseForm
from huilian.portals.shapes import Column, Fact, Link
from huilian.portals.templatetags.huilian_tags import phrased
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.headquarters.cases import next_case
from huilian.portals.views.console.pages import act_and_return, attempt, show, show_form
from huilian.portals.wording import in_readers_language
from huilian.schemes.queries import scheme_version, working_calendar
from kit import clock


@require_safe
@staff("case.see")
def case(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The dossier as the society sent it, and the decision."""
    found = get_object_or_404(Case, pk=pk)
    scheme = scheme_version(found.scheme_version)
    category = scheme.category(found.category)
    verbs, today, actor = verbs_of(user), local_day(clock.now()), actor_of(user)
    is_open = found.state == Case.State.OPEN
    decisions = list(Decision.objects.filter(case=found).order_by("at", "pk"))
    free = found.claimed_by in ("", actor)
    following = next_case(user, after=found)
    papers: list[dict[str, Any]] = found.dossier.get("papers", [])
    context = {
        "case": found,
        "eyebrow": format_html(
            "{} · {} · {}", found.reference, in_readers_language(category.name), phrased(society_name(found.society))
        ),
        "state": said_state(Case.State, found.state),
        "clock": due_cell(found.due_on, today, working_calendar(scheme.calendar)) if is_open else "",
        "step": step_word(found.step),
        "facts": dossier_facts(found, scheme),
        "answers": [
            *answer_facts(category, found.dossier.get("answers", {})),
            *interest_fact(found.dossier.get("interests", [])),
        ],
        "conditions": category.conditions,
        "papers": paper_rows(category, papers, url_name="console_case_paper", before=(found.pk,)),
        "steps": earlier_steps(found),
        "known": duplicate_rows(known_elsewhere(found)),
        "known_columns": [Column(_("Where")), Column(_("What")), Column(_("State")), Column(_("In common"))],
        "decisions": decision_rows(decisions),
        "decision_columns": [Column(_("Officer")), Column(_("Decision")), Column(_("Reasons")), Column(_("When"))],
        "still_needed": found.persons - sum(1 for each in decisions if each.outcome == APPROVED),
        "may_claim": is_open and not found.claimed_by and "case.claim" in verbs,
        "may_release": is_open and found.claimed_by == actor,
        "holder": actor_name(found.claimed_by) if found.claimed_by and not free else "",
        "may_decide": is_open and free and "case.decide" in verbs and all(each.officer != actor for each in decisions),
        "form": ApproveForm(initial={"version": found.version}),
        "keys": [
            Fact(_("Take this case on"), "c"),
            Fact(_("Approve"), "a"),
            Fact(_("Refuse"), "r"),
            Fact(_("Next case"), "j"),
        ],
        "next_url": reverse("console_case", args=[following.pk]) if following else "",
        "back": Link(_("Approvals"), reverse("console_cases")),
    }
    return show(request, user, "case.html", context)


@require_POST
@staff("case.claim")
def claim(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Take a case on, so that colleagues leave it."""
    found = get_object_or_404(Case, pk=pk)
    return act_and_return(
        request,
        lambda: claim_case(found, by_user=user, at=clock.now()),
        done=_("The case is yours."),
        to=reverse("console_case", args=[found.pk]),
    )


@require_POST
@staff("case.claim")
def release(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Leave a case to others again."""
    found = get_object_or_404(Case, pk=pk)
    return act_and_return(
        request,
        lambda: release_case(found, by_user=user, at=clock.now()),
        done=_("The case is free for others."),
        to=reverse("console_case", args=[found.pk]),
    )


@require_POST
@staff("case.decide")
def approve(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Approve, and go on to the next case; what stands against it is said on this one."""
    found = get_object_or_404(Case, pk=pk)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(reverse("console_case", args=[found.pk]))
    wish = form.cleaned_data
    decided = attempt(form, lambda: _decide(found, APPROVED, wish["reason"], wish["version"], user))
    if decided is None:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(reverse("console_case", args=[found.pk]))
    if decided.outcome:
        done = gettext("%(name)s is approved; the society is told.") % {"name": found.name}
    else:
        done = gettext("Your approval of %(name)s is recorded; a colleague has to approve as well.") % {
            "name": found.name
        }
    messages.success(request, done)
    return HttpResponseRedirect(reverse("console_case_next"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.decide")
def refuse(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Refuse with reasons in writing; the page that asks for them also asks once more."""
    found = get_object_or_404(Case, pk=pk)
    form = RefuseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if form.is_valid():
        wish = form.cleaned_data
        if attempt(form, lambda: _decide(found, REFUSED, wish["reasons"], wish["version"], user)):
            messages.success(request, gettext("The application is refused; the applicant is told, with the reasons."))
            return HttpResponseRedirect(reverse("console_case_next"))
    return show_form(
        request,
        user,
        form,
        title=_("Refuse this application?"),
        facts=[
            Fact(_("Name"), found.name),
            Fact(_("Reference"), found.reference),
            Fact(_("Society"), society_name(found.society)),
        ],
        warning=refusal_warning(found, on=local_day(clock.now())),
        button=_("Refuse the application"),
        look="bad",
        back=Link(_("Back"), reverse("console_case", args=[found.pk])),
    )


@require_safe
@staff("case.see")
def paper(request: HttpRequest, user: User, pk: UUID, paper_id: UUID) -> HttpResponse:
    """Lead to a paper where it lies: in the society, which journals who looked."""
    found = get_object_or_404(Case, pk=pk)
    if str(paper_id) not in {str(each["id"]) for each in found.dossier.get("papers", [])}:
        raise Http404
    return HttpResponseRedirect(paper_url(found.society, str(paper_id), officer=actor_of(user), at=clock.now()))


def _decide(found: Case, outcome: str, reasons: str, version: int, user: User) -> Case:
    return decide_case(found, outcome=outcome, reasons=reasons, by_user=user, at=clock.now(), version=version)
