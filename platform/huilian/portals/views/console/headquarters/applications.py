"""Applications of all societies, as headquarters' books know them: where they stand, not whose they are."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.listing import applications as application_rows
from federation.ledger.listing import known_length
from federation.ledger.models import ApplicationEntry, Case
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import may
from huilian.portals.console.words import (
    APPLICATION_STATES,
    NOTHING,
    category_names,
    due_cell,
    said_state,
    society_name,
    step_word,
)
from huilian.portals.forms.console_filters import FederationApplicationFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme, working_calendar
from kit import clock

_NARROWING = ("society", "category", "state", "step")


@require_safe
@staff("summary.see")
def applications(request: HttpRequest, user: User) -> HttpResponse:
    """Those under way, unless others are asked for, the newest first; one that came to the desk leads to its case."""
    scheme, today = current_scheme(), local_day(clock.now())
    form = FederationApplicationFilter(request.GET, scheme)
    wishes = {name: form.chosen(name) for name in _NARROWING}
    page = page_of(request, application_rows(**wishes), known=known_length("applications", **wishes))
    cases = _cases(page) if may(user, "case.see") else {}
    return show_list(
        request,
        user,
        title=_("Applications of all societies"),
        lead=_("Names and answers stay with the society; headquarters sees them where a case came to its desk."),
        columns=[
            Column(_("Reference")),
            Column(_("Society")),
            Column(_("Category")),
            Column(_("Handed in")),
            Column(_("State")),
            Column(_("Step")),
            Column(_("Clock")),
        ],
        rows=[_row(each, scheme, today, cases.get((each.society, each.application_id), "")) for each in page],
        page=page,
        filters=form,
        back=Link(_("Overview of the federation"), reverse("console_federation")),
        empty_title=_("No application found") if request.GET else _("No application is under way"),
    )


def _cases(page: Iterable[ApplicationEntry]) -> dict[tuple[str, object], str]:
    """Where the newest case of each application on the page is shown."""
    ids = [each.application_id for each in page]
    cases = Case.objects.filter(application_id__in=ids).order_by("step_index")
    return {
        (society, application): reverse("console_case", args=[pk])
        for society, application, pk in cases.values_list("society", "application_id", "pk")
    }


def _row(each: ApplicationEntry, scheme: Scheme, today: date, url: str) -> Row:
    under_way = each.state == APPLICATION_STATES.IN_PROGRESS
    return Row(
        [
            format_html('<span class="mono">{}</span>', each.reference),
            society_name(each.society),
            category_names(scheme).get(each.category, each.category),
            day(each.submitted_at),
            said_state(APPLICATION_STATES, each.state),
            step_word(each.step) if under_way else NOTHING,
            due_cell(each.step_due_on, today, working_calendar(scheme.calendar)) if under_way else NOTHING,
        ],
        url,
    )
