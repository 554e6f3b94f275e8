"""The fee book: every bill of every payee in the federation, as last reported."""

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.listing import fees as fee_rows
from federation.ledger.listing import known_length
from huilian.accounts.models import User
from huilian.portals.console.words import BILL_STATES, NOTHING, category_names, said_state, society_name
from huilian.portals.forms.console_filters import FeeFilter
from huilian.portals.shapes import Column, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from huilian.portals.wording import amount_words
from huilian.schemes.queries import current_scheme

_NARROWING = ("society", "state", "category")


@require_safe
@staff("fees.see")
def fees(request: HttpRequest, user: User) -> HttpResponse:
    """Dues owed and received, newest first."""
    scheme = current_scheme()
    form = FeeFilter(request.GET, scheme)
    wishes = {name: form.chosen(name) for name in _NARROWING}
    page = page_of(request, fee_rows(**wishes), known=known_length("fees", **wishes))
    names = category_names(scheme)
    return show_list(
        request,
        user,
        title=_("Fees"),
        columns=[
            Column(_("Bill")),
            Column(_("Society")),
            Column(_("Owed to")),
            Column(_("Category")),
            Column(_("Years"), numeric=True),
            Column(_("Amount"), numeric=True),
            Column(_("State")),
            Column(_("Opened")),
            Column(_("Paid")),
        ],
        rows=[
            Row(
                [
                    format_html('<span class="mono">{}</span>', each.number),
                    society_name(each.society),
                    society_name(each.payee),
                    names.get(each.category, each.category),
                    each.years,
                    amount_words(each.amount_minor, each.currency),
                    said_state(BILL_STATES, each.state),
                    day(each.opened_at),
                    day(each.settled_at) or NOTHING,
                ]
            )
            for each in page
        ],
        page=page,
        filters=form,
        empty_title=_("No bill found") if request.GET else _("No bill has been opened yet"),
    )
