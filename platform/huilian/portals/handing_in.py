"""What is done with a form that was sent: the contact is proven, then it is kept as a draft or handed in."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.services import check_code
from huilian.applications.answers import check_answers
from huilian.applications.models import Application
from huilian.applications.papers import attach_paper
from huilian.applications.refusals import Problems
from huilian.applications.services import (
    confirm_contact,
    save_draft,
    start_application,
    submit_application,
    withdraw_draft,
)
from huilian.applications.services.checking import open_branches
from huilian.portals.access import user_of
from huilian.portals.application_page import PURPOSE, Desk, desk_of_draft, form_of, show_form
from huilian.portals.belonging import remember
from huilian.portals.forms.applying import ApplicationForm
from huilian.portals.refusals import show_problems
from kit import clock
from kit.errors import Refusal


def take_form(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the form, keep it as a draft, or hand it in, as the applicant wishes."""
    if request.method != "POST":
        return show_form(request, desk, form_of(desk))
    form, at = form_of(desk, request), clock.now()
    try:
        contact = _prove_contact(request, desk, form)
        application = desk.draft or start_application(
            desk.ticket, language=get_language() or "zh-hans", at=at, user=_applicant(request, form)
        )
    except Refusal as refusal:
        show_problems(form, refusal)
        return show_form(request, desk, form, status=refusal.status)
    if request.POST.get("act") == "save":
        return _save(request, application, form, contact)
    return _submit(request, application, form, contact, at=at)


def _prove_contact(request: HttpRequest, desk: Desk, form: ApplicationForm) -> str:
    """The phone or e-mail that the code of this request proves; empty where one is proven already.

    Without any proof nothing is kept, and the Refusal names all that is wrong with the form.
    """
    code = str(form.raw("code") or "").strip()
    if not code:
        known = desk.draft is not None and (desk.draft.confirmed_hash or desk.draft.user_id is not None)
        if not known and _applicant(request, form) is None:
            raise _unproven(request, desk, form)
        return ""
    field = request.POST.get("confirm", "")
    if field not in form.provable:
        field = next((name for name in form.provable if form.raw(name)), "code")
    contact = str(form.raw(field) or "")
    try:
        check_code(contact, code, purpose=PURPOSE, at=clock.now())
    except Refusal as refusal:
        refusal.field = "code" if refusal.field == "code" else field
        raise
    return contact


def _applicant(request: HttpRequest, form: ApplicationForm) -> User | None:
    """Who has signed in, if the form names their own phone or e-mail; staff may also help somebody else."""
    user = user_of(request)
    return user if user is not None and form.names_contact(user.phone, user.email) else None


def _unproven(request: HttpRequest, desk: Desk, form: ApplicationForm) -> Problems:
    problems: list[Refusal] = []
    if request.POST.get("act") != "save":
        try:
            today = local_day(clock.now())
            check_answers(desk.scheme, desk.category, form.given(), branches=open_branches(), on=today)
        except Problems as found:
            problems += found.problems
    sentence = _("Have a code sent to your phone or e-mail, and type it here.")
    return Problems([*problems, Refusal("code_missing", sentence, field="code")])


def _save(request: HttpRequest, application: Application, form: ApplicationForm, contact: str) -> HttpResponse:
    problems = _keep(application, form, contact)
    if problems:
        show_problems(form, Problems(problems))
        page = show_form(request, desk_of_draft(application), form, status=422)
        return remember(request, page, application)
    messages.success(request, _("Your draft is kept. You can go on with it on this device at any time."))
    return remember(request, HttpResponseRedirect(reverse("apply_draft", args=[application.pk])), application)


def _submit(
    request: HttpRequest, application: Application, form: ApplicationForm, contact: str, *, at: datetime
) -> HttpResponse:
    try:
        submit_application(
            application,
            answers=form.given(),
            papers=form.papers(),
            consents=form.consented(),
            confirmed_contact=contact,
            at=at,
        )
    except Refusal as refusal:
        if application.state != Application.State.DRAFT:
            return HttpResponseRedirect(reverse("apply_done", args=[application.pk]))
        if refusal.code == "already_applied" and "application_id" in refusal.facts:
            return _led_to_the_first(request, application, UUID(str(refusal.facts["application_id"])))
        # What was typed and proven is not lost: the form is a draft from now on.
        _keep(application, form, contact)
        desk = desk_of_draft(application)
        again = form_of(desk, request)
        show_problems(again, refusal)
        return remember(request, show_form(request, desk, again, status=refusal.status), application)
    return remember(request, HttpResponseRedirect(reverse("apply_done", args=[application.pk])), application)


def _led_to_the_first(request: HttpRequest, second: Application, first: UUID) -> HttpResponse:
    """The proven owner of an application under way sees that one; the second try leaves nothing behind."""
    withdraw_draft(second)
    messages.info(request, _("You have applied already; here is how your application stands."))
    page = HttpResponseRedirect(reverse("apply_done", args=[first]))
    return remember(request, page, Application.objects.get(pk=first))


def _keep(application: Application, form: ApplicationForm, contact: str) -> list[Refusal]:
    """Keep what can be kept of an unfinished form; the rest is told."""
    now = clock.now()
    if contact:
        confirm_contact(application, contact=contact, at=now)
    problems: list[Refusal] = []
    try:
        save_draft(application, form.given(), at=now)
    except Problems as found:
        problems += found.problems
    for code, file in form.papers().items():
        file.seek(0)  # it may have been read once, to be handed in
        try:
            attach_paper(application, code, file, file_name=str(file.name), at=now)
        except Refusal as refusal:
            problems.append(refusal)
    return problems
