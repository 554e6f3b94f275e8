"""Signing in and out: at a society by name and password, at headquarters for everyone by a sealed ticket."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huilian.accounts.models import User
from huilian.accounts.sealed_sign_in import open_sealed_sign_in, seal_sign_in
from huilian.accounts.services import authenticate
from huilian.accounts.sessions import address_of, close_session, open_session
from huilian.portals.access import here_or, user_of
from huilian.portals.belonging import forget
from huilian.portals.forms.signing_in import SignInForm
from huilian.portals.menu import CONSOLE_URL
from huilian.portals.refusals import show_on_form
from kit import clock
from kit.errors import Refusal
from tenants.context import headquarters, law, url_of


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; headquarters hands them on to the society that may know them."""
    if request.method != "POST":
        user = user_of(request)
        if user is not None:
            return HttpResponseRedirect(_after(user, request.GET.get("next", "")))
        return _page(request, SignInForm(initial={"next": request.GET.get("next", "")}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _hand_on(request, form) if law().aggregates else _sign_in_here(request, form)
    except Refusal as refusal:
        show_on_form(form, refusal)
        return _page(request, form, status=refusal.status)


@csrf_exempt  # it comes from headquarters' host: the sealed, once-only ticket and the origin stand in for the token
@sensitive_post_parameters()
@never_cache
@require_POST
def sealed(request: HttpRequest) -> HttpResponse:
    """Open what headquarters sealed: the credentials are checked here, where the account is."""
    form = SignInForm(initial={"next": request.POST.get("next", "")})
    try:
        # Whoever could post a ticket from elsewhere would sign a stranger's browser in under a name of theirs.
        _check_origin(request)
        user = open_sealed_sign_in(request.POST.get("ticket", ""), address=address_of(request), at=clock.now())
    except Refusal as refusal:
        return _page(request, form, status=refusal.status, refusal=refusal, again=_again(request, refusal))
    open_session(request, user)
    return HttpResponseRedirect(_after(user, request.POST.get("next", "")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session in this browser."""
    close_session(request)
    return forget(HttpResponseRedirect(reverse("home")))


def _sign_in_here(request: HttpRequest, form: SignInForm) -> HttpResponse:
    given = form.cleaned_data
    user = authenticate(given["identifier"], given["password"], address=address_of(request), at=clock.now())
    open_session(request, user)
    return HttpResponseRedirect(_after(user, given["next"]))


def _hand_on(request: HttpRequest, form: SignInForm) -> HttpResponse:
    """The same page for every name, with a form that sends itself on, and a button where it cannot."""
    given = form.cleaned_data
    found = seal_sign_in(given["identifier"], given["password"], address=address_of(request), at=clock.now())
    context = {"url": found.url, "ticket": found.ticket, "next": given["next"]}
    response = render(request, "huilian/sign_in_sealed.html", context)
    # Under the stricter policy of all other pages a browser would not say where the post comes from.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _check_origin(request: HttpRequest) -> None:
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(said)
    if f"{parts.scheme}://{parts.netloc}" != url_of(headquarters(), ""):
        raise Refusal(
            "sign_in_elsewhere", _("Your browser did not say where you come from. Please sign in here."), status=403
        )


def _after(user: User, wish: str) -> str:
    return here_or(wish, CONSOLE_URL if user.is_staff else reverse("my"))


def _again(request: HttpRequest, refusal: Refusal) -> str:
    """Where to try again: a name that was mistyped at headquarters may have led to any society."""
    if refusal.code == "sign_in_elsewhere":
        return ""
    wish = urlencode({"next": request.POST.get("next", "")}) if request.POST.get("next") else ""
    return url_of(headquarters(), f"{reverse('sign_in')}{'?' if wish else ''}{wish}")


def _page(
    request: HttpRequest, form: SignInForm, *, status: int = 200, refusal: Refusal | None = None, again: str = ""
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "at_headquarters": law().aggregates, "again": again}
    return render(request, "huilian/sign_in.html", context, status=status)
