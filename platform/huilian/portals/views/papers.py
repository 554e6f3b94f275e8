"""Uploaded papers: opened by their owner, by staff who see applications, and by an officer with a ticket."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huilian.accounts.rules import may
from huilian.applications.models import Application, Paper
from huilian.applications.papers import open_by_ticket, open_paper
from huilian.journal.actors import actor_of
from huilian.portals.access import user_of
from huilian.portals.belonging import belongs_to
from huilian.portals.uploads import upload_response
from kit import clock


@never_cache
@require_safe
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A paper of this society, to whoever may see it; for everyone else there is none."""
    application = Application.objects.filter(papers=pk).first()
    if application is None or not _may_see(request, application):
        raise Http404
    user = user_of(request)
    return _shown(*open_paper(pk, by=actor_of(user) if user else "applicant", at=clock.now()))


@never_cache
@require_safe
def paper_by_ticket(request: HttpRequest) -> HttpResponse:
    """A paper that an officer of headquarters opens here; once a ticket, and the journal says who looked."""
    return _shown(*open_by_ticket(request.GET.get("t", ""), at=clock.now()))


def _may_see(request: HttpRequest, application: Application) -> bool:
    if belongs_to(request, application):
        return True
    user = user_of(request)
    # A draft is nobody's business yet.
    return user is not None and application.submitted_at is not None and may(user, "application.see")


def _shown(found: Paper, content: bytes) -> HttpResponse:
    return upload_response(content, content_type=found.content_type, file_name=found.file_name)
