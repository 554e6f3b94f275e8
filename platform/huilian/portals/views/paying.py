"""From the applicant's own page to the cashier of the legal person that is owed."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from federation import tickets
from huilian.applications.models import Application
from huilian.applications.services.dues import PAYEE
from huilian.portals.belonging import application_of
from kit import clock
from kit.errors import Refusal
from tenants.context import society_numbered, url_of

PURPOSE = "cashier"
# Long enough to go to a bank and come back to the same page.
LIFETIME = timedelta(days=1)
_AT_THE_CASHIER = ("pay", "confirm")


@never_cache
@require_safe
def pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead to the bill of one's own application, with a ticket that opens no other."""
    return HttpResponseRedirect(cashier_url(application_of(request, pk)))


def cashier_url(application: Application) -> str:
    """The payee's page with this application's bill; Refusal `nothing_to_pay`."""
    if application.step not in _AT_THE_CASHIER:
        raise Refusal("nothing_to_pay", _("There is nothing to pay for this application now."), status=409)
    ticket = tickets.mint(
        PURPOSE, to=PAYEE, payload={"application": str(application.pk)}, lifetime=LIFETIME, at=clock.now()
    )
    return f"{url_of(society_numbered(PAYEE), '/cashier/')}?{urlencode({'t': ticket})}"
