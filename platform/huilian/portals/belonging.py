"""Whose application it is: of the user who signed in, or of this browser, which proved the contact."""

from uuid import UUID

from django.http import Http404, HttpRequest

from huilian.applications.models import Application
from huilian.portals.access import user_of

_KEY = "applications"
_MOST = 20


def remember(request: HttpRequest, application: Application) -> None:
    """Let this browser see the application that it has just begun."""
    known = [str(application.pk), *request.session.get(_KEY, [])]
    request.session[_KEY] = list(dict.fromkeys(known))[:_MOST]


def belongs_to(request: HttpRequest, application: Application) -> bool:
    """Whether the one who asks may see the application as its applicant."""
    user = user_of(request)
    if user is not None and application.user_id == user.pk:
        return True
    return str(application.pk) in request.session.get(_KEY, [])


def application_of(request: HttpRequest, pk: UUID) -> Application:
    """The application, to its applicant; for everyone else there is none."""
    application = Application.objects.filter(pk=pk).first()
    if application is None or not belongs_to(request, application):
        raise Http404
    return application
