"""Changing the phone or e-mail one signs in by: the password, then a code sent to the new one."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huilian.accounts.models import User
from huilian.accounts.services import ask_new_contact
from huilian.accounts.sessions import address_of
from huilian.applications.services import change_own_contact
from huilian.members.queries import member_of_user
from huilian.portals.access import signed_in
from huilian.portals.forms.renaming import ContactCodeForm, NewContactForm
from huilian.portals.refusals import show_on_form
from huilian.portals.shapes import Fact
from kit import clock
from kit.contact import mask_email, mask_phone
from kit.errors import Refusal

# Whoever gave the password may use the code for as long as the code itself holds.
_ASKED = "new_contact"
_HOLDS = timedelta(minutes=10)


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_contact(request: HttpRequest, user: User) -> HttpResponse:
    """Two steps on one page: the new contact with the password, then the code."""
    if request.method != "POST":
        if "again" in request.GET:
            request.session.pop(_ASKED, None)
        asked = _asked(request)
        return _show(request, user, ContactCodeForm() if asked else NewContactForm(), asked=asked)
    asked = _asked(request)
    if "code" in request.POST and asked:
        return _finish(request, user, asked)
    return _ask(request, user)


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    form = NewContactForm(request.POST)
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        try:
            new = ask_new_contact(
                user,
                given["contact"],
                password=given["password"],
                address=address_of(request),
                at=now,
                language=get_language() or user.language,
            )
        except Refusal as refusal:
            show_on_form(form, refusal, otherwise="contact")
        else:
            request.session[_ASKED] = {"contact": new.address, "until": (now + _HOLDS).isoformat()}
            return HttpResponseRedirect(reverse("my_contact"))
    return _show(request, user, form, asked="", status=422)


def _finish(request: HttpRequest, user: User, asked: str) -> HttpResponse:
    form = ContactCodeForm(request.POST)
    if form.is_valid():
        try:
            change_own_contact(user, asked, form.cleaned_data["code"], at=clock.now())
        except Refusal as refusal:
            if refusal.code == "contact_taken":
                # The code is spent: what remains is to name another one.
                request.session.pop(_ASKED, None)
                messages.error(request, str(refusal))
                return _show(request, user, NewContactForm(), asked="", status=refusal.status)
            show_on_form(form, refusal, otherwise="code")
        else:
            request.session.pop(_ASKED, None)
            messages.success(request, _("Changed. Please sign in by it from now on."))
            return HttpResponseRedirect(reverse("my_profile" if member_of_user(user.pk) else "my"))
    return _show(request, user, form, asked=asked, status=422)


def _show(
    request: HttpRequest, user: User, form: NewContactForm | ContactCodeForm, *, asked: str, status: int = 200
) -> HttpResponse:
    facts = [
        Fact(_("Mobile number"), mask_phone(user.phone).removeprefix("+86") if user.phone else _("not confirmed yet")),
        Fact(_("E-mail"), mask_email(user.email) if user.email else _("not confirmed yet")),
    ]
    context = {"form": form, "asked": asked, "facts": facts, "has_password": user.has_usable_password()}
    return render(request, "huilian/contact.html", context, status=status)


def _asked(request: HttpRequest) -> str:
    """The contact for which this browser gave the password a moment ago, or nothing."""
    asked = request.session.get(_ASKED)
    if not isinstance(asked, dict) or datetime.fromisoformat(str(asked["until"])) <= clock.now():
        return ""
    return str(asked["contact"])
