"""The application on one page: filled in, proven by a code, kept as a draft, handed in."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huilian.accounts.models import User
from huilian.accounts.services import send_code
from huilian.accounts.sessions import address_of, open_session
from huilian.applications.models import Application
from huilian.members.models import Member
from huilian.portals.access import user_of
from huilian.portals.application_page import PURPOSE, Desk, desk_of_draft, desk_of_ticket, form_of, show_form
from huilian.portals.belonging import application_of
from huilian.portals.forms.signing_in import NewPasswordForm
from huilian.portals.handing_in import take_form
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
    return take_form(request, desk)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same form, as its applicant left it."""
    application = application_of(request, pk)
    if application.state != Application.State.DRAFT:
        return HttpResponseRedirect(reverse("apply_done", args=[pk]))
    return take_form(request, desk_of_draft(application))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_contact_code(request: HttpRequest) -> HttpResponse:
    """Send a code to a phone or e-mail of the form, and show the form again as it was typed."""
    desk = _desk(request)
    if request.method != "POST":  # the language was switched here
        return HttpResponseRedirect(desk.action)
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
    member = Member.objects.filter(application_id=application.pk).first()
    context = {
        "journey": journey_of(application),
        "member": member,
        "password_form": NewPasswordForm() if user and not user.has_usable_password() else None,
    }
    return render(request, "huilian/apply_done.html", context)


def _desk(request: HttpRequest) -> Desk:
    """The draft or the ticket that the form was made with."""
    sent = request.POST or request.GET
    if sent.get("draft"):
        try:
            return desk_of_draft(application_of(request, UUID(sent["draft"])))
        except ValueError:
            raise Http404 from None
    return desk_of_ticket(sent.get("t", ""))


def _signed_in_by_the_code(request: HttpRequest, application: Application) -> User | None:
    """Whoever has no password yet is signed in by the code; an account with one is entered by it alone."""
    user = application.user
    if user is None or not user.is_active or user.is_staff or user.has_usable_password():
        return None
    open_session(request, user)
    return user
