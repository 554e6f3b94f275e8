"""Whose application it is: of the user who signed in, or of this browser, which proved the contact.

The browser keeps the proof in a signed cookie of this host, so that handing in costs no session.
"""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from huilian.applications.models import Application
from huilian.portals.access import user_of
from tenants.context import current

COOKIE = "__Host-applications" if settings.HTTPS else "applications"
_SECONDS = 14 * 24 * 3600
_MOST = 10


def remember(request: HttpRequest, response: HttpResponse, application: Application) -> HttpResponse:
    """Let this browser see the application that it has just begun."""
    known = list(dict.fromkeys([str(application.pk), *_known(request)]))[:_MOST]
    response.set_signed_cookie(
        COOKIE,
        " ".join(known),
        salt=_salt(),
        max_age=_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Let nobody who uses this browser next see what was begun here."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def belongs_to(request: HttpRequest, application: Application) -> bool:
    """Whether the one who asks may see the application as its applicant."""
    user = user_of(request)
    if user is not None and application.user_id == user.pk:
        return True
    return str(application.pk) in _known(request)


def begun_here(request: HttpRequest) -> Application | None:
    """The newest draft that this browser began; whoever comes for the first time costs no query."""
    known = _known(request)
    drafts = Application.objects.filter(pk__in=known, state=Application.State.DRAFT) if known else ()
    return min(drafts, key=lambda draft: known.index(str(draft.pk)), default=None)


def application_of(request: HttpRequest, pk: UUID) -> Application:
    """The application, to its applicant; for everyone else there is none."""
    application = Application.objects.select_related("user").filter(pk=pk).first()
    if application is None or not belongs_to(request, application):
        raise Http404
    return application


def _known(request: HttpRequest) -> list[str]:
    text = request.get_signed_cookie(COOKIE, default="", salt=_salt(), max_age=_SECONDS)
    return text.split() if text else []


def _salt() -> str:
    # What one society has signed means nothing to another.
    return f"huilian applications {current().schema_name}"
