"""Keeping the filter of a list under a name, and deleting it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from huilian.accounts.models import User
from huilian.portals.console.saved_filters import page_named, save_filter
from huilian.portals.models import SavedFilter
from huilian.portals.views.console.access import staff
from kit import clock
from kit.errors import Refusal


@require_POST
@staff("console.see")
def save(request: HttpRequest, user: User) -> HttpResponseBase:
    """Keep the filter in force; the list is shown again with it."""
    code, query = request.POST.get("page", ""), request.POST.get("query", "")
    page = page_named(code)
    try:
        kept = save_filter(user, code, name=request.POST.get("name", ""), query=query, at=clock.now())
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse(page.name))
    messages.success(request, gettext("The filter “%(name)s” is saved.") % {"name": kept.name})
    return HttpResponseRedirect(f"{reverse(page.name)}?{kept.query}")


@require_POST
@staff("console.see")
def delete(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """Delete one of one's own."""
    kept = get_object_or_404(SavedFilter, pk=pk, user=user)
    page = page_named(kept.page)
    kept.delete()
    messages.success(request, gettext("The filter “%(name)s” is deleted.") % {"name": kept.name})
    return HttpResponseRedirect(reverse(page.name))
