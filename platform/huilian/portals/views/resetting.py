"""A forgotten password, or a first one: whoever reads a code sent to the phone or e-mail may set it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huilian.accounts.services import reset_password as set_password_by_code
from huilian.accounts.services import send_code
from huilian.accounts.services.passwords import RESET
from huilian.accounts.sessions import address_of, open_session
from huilian.portals.forms.signing_in import ContactForm, ResetForm
from huilian.portals.refusals import show_on_form
from kit import clock
from kit.errors import Refusal


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """Two steps on one page: send the code, then take it with the new password."""
    if request.method != "POST":
        return render(request, "huilian/reset.html", {"form": ContactForm()})
    return _finish(request) if "password" in request.POST and "send" not in request.POST else _send(request)


def _send(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST)
    if form.is_valid():
        contact = form.cleaned_data["contact"]
        try:
            send_code(
                contact,
                purpose=RESET,
                at=clock.now(),
                language=get_language() or "zh-hans",
                address=address_of(request),
            )
        except Refusal as refusal:
            show_on_form(form, refusal, otherwise="contact")
        else:
            # The same words whether or not anyone is known by this contact.
            context = {"form": ResetForm(initial={"contact": contact}), "sent_to": contact}
            return render(request, "huilian/reset.html", context)
    return render(request, "huilian/reset.html", {"form": form}, status=422)


def _finish(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            user = set_password_by_code(given["contact"], given["code"], given["password"], at=clock.now())
        except Refusal as refusal:
            show_on_form(form, refusal)
        else:
            open_session(request, user)
            messages.success(request, _("Your new password is set, and you are signed in."))
            return HttpResponseRedirect(reverse("my"))
    context = {"form": form, "sent_to": form.data.get("contact", "")}
    return render(request, "huilian/reset.html", context, status=422)
