"""The federation as it stood on a past day, as a page and as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.past import members_by_month, stood_on
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import may
from huilian.portals.console.downloads import Kind, download
from huilian.portals.console.past_figures import (
    by_age,
    by_category,
    by_month,
    by_society,
    category_table,
    exactness,
    past_blocks,
    past_head,
    society_table,
    tiles_of,
)
from huilian.portals.forms.console_filters import PastFilter
from huilian.portals.shapes import Link
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import show
from huilian.schemes.queries import current_scheme
from kit import clock

_WIDTHS = (12, 8, 28, 20, 12, 12, 12, 12, 12, 16, 16)


@require_safe
@staff("summary.see")
def past(request: HttpRequest, user: User) -> HttpResponse:
    """Members, approvals and dues at the end of a day, today by default: as many queries for any day and size."""
    today = local_day(clock.now())
    form = PastFilter(request.GET, today=today)
    on, society = form.day, form.chosen("society")
    found, scheme = stood_on(on, society=society), current_scheme(today)
    query = f"?as_of={on.isoformat()}{f'&society={society}' if society else ''}"
    members = reverse("console_past_members") + query if society and may(user, "roll.see") else ""
    context = {
        "title": _("Figures of a past day"),
        "on": on,
        "filters": form,
        "reset_url": request.path if request.GET else "",
        "actions": [
            *([Link(_("Members of that day"), members)] if members else []),
            Link(_("Export as Excel"), reverse("console_past_xlsx") + query, icon="down"),
            Link(_("Export as CSV"), reverse("console_past_csv") + query, icon="down"),
        ],
        "back": Link(_("Overview of the federation"), reverse("console_federation")),
        "exactness": exactness(found),
        "tiles": tiles_of(found, scheme, members_url=members),
        "charts": [
            by_month(members_by_month(found, society=society)),
            by_age(found.cases),
            by_category(found, scheme),
            *([] if society else [by_society(found)]),
        ],
        **society_table(found, scheme),
        **category_table(found, scheme, members_url=members),
    }
    return show(request, user, "past.html", context)


@require_safe
@staff("summary.see")
def export(request: HttpRequest, user: User, kind: Kind) -> HttpResponseBase:
    """The same figures as a file: a row for each category in each society; nobody's data are in it."""
    form = PastFilter(request.GET, today=local_day(clock.now()))
    if form.errors:
        return HttpResponseRedirect(f"{reverse('console_past')}?{request.GET.urlencode()}")
    scheme, found = current_scheme(), stood_on(form.day, society=form.chosen("society"))
    return download(
        kind,
        past_head(scheme),
        past_blocks(found, scheme),
        name=f"figures-{found.on.isoformat()}",
        sheet=gettext("Figures of a past day"),
        widths=_WIDTHS,
    )
