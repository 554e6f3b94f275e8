"""The application on one page: filled in, proven by a code, kept as a draft, handed in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huilian.accounts.models import User
from huilian.accounts.services import check_code, send_code
from huilian.accounts.sessions import address_of, open_session
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
from huilian.portals.application_page import PURPOSE, Desk, desk_of_draft, desk_of_ticket, form_of, show_form
from huilian.portals.belonging import application_of, remember
from huilian.portals.forms.applying import ApplicationForm
from huilian.portals.forms.signing_in import NewPasswordForm
from huilian.portals.journey import journey_of
from huilian.portals.refusals import show_problems
from kit import clock
from kit.errors import Refusal


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form of a category, opened with the ticket that settled category and channel."""
    desk = desk_of_ticket(request.POST.get("t") or request.GET.get("t", ""))
    return _take(request, desk)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same form, as its applicant left it."""
    application = application_of(request, pk)
    if application.state != Application.State.DRAFT:
        return HttpResponseRedirect(reverse("apply_done", args=[pk]))
    return _take(request, desk_of_draft(application))


@sensitive_post_parameters()
@never_cache
@require_POST
def send_contact_code(request: HttpRequest) -> HttpResponse:
    """Send a code to a phone or e-mail of the form, and show the form again as it was typed."""
    desk = _desk(request)
    form = form_of(desk, request)
    by = request.POST.get("by", "")
    if by not in form.provable:
        raise Http404
    try:
        send_code(
            str(form.raw(by) or ""),
            purpose=PURPOSE,
            at=clock.now(),
            language=get_language() or "zh-hans",
            address=address_of(request),
        )
    except Refusal as refusal:
        refusal.field = by
        show_problems(form, refusal)
        return show_form(request, desk, form, status=refusal.status)
    return show_form(request, desk, form, sent_to=by)


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Acknowledge at once, and say what happens next and by when."""
    application = application_of(request, pk)
    if application.state == Application.State.DRAFT:
        return HttpResponseRedirect(reverse("apply_draft", args=[pk]))
    user = user_of(request) or _signed_in_by_the_code(request, application)
    context = {
        "journey": journey_of(application),
        "password_form": NewPasswordForm() if user and not user.has_usable_password() else None,
    }
    return render(request, "huilian/apply_done.html", context)


def _desk(request: HttpRequest) -> Desk:
    """The draft or the ticket that the form was made with."""
    if request.POST.get("draft"):
        try:
            return desk_of_draft(application_of(request, UUID(request.POST["draft"])))
        except ValueError:
            raise Http404 from None
    return desk_of_ticket(request.POST.get("t", ""))


def _take(request: HttpRequest, desk: Desk) -> HttpResponse:
    if request.method != "POST":
        return show_form(request, desk, form_of(desk))
    form = form_of(desk, request)
    try:
        contact = _prove_contact(request, desk, form)
        application = desk.draft or start_application(
            desk.ticket, language=get_language() or "zh-hans", at=clock.now(), user=_applicant(request, form)
        )
    except Refusal as refusal:
        show_problems(form, refusal)
        return show_form(request, desk, form, status=refusal.status)
    act = _save if request.POST.get("act") == "save" else _submit
    return act(request, application, form, contact)


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
        field = next((name for name in form.provable if form.raw(name)), form.provable[0])
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
            today = desk.ticket.issued_on
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


def _submit(request: HttpRequest, application: Application, form: ApplicationForm, contact: str) -> HttpResponse:
    try:
        submit_application(
            application,
            answers=form.given(),
            papers=form.papers(),
            consents=form.consented(),
            confirmed_contact=contact,
            at=clock.now(),
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
        try:
            attach_paper(application, code, file, file_name=str(file.name), at=now)
        except Refusal as refusal:
            problems.append(refusal)
    return problems


def _signed_in_by_the_code(request: HttpRequest, application: Application) -> User | None:
    """Whoever has no password yet is signed in by the code; an account with one is entered by it alone."""
    user = application.user
    if user is None or not user.is_active or user.is_staff or user.has_usable_password():
        return None
    open_session(request, user)
    return user
