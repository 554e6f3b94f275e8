"""Applications to this society: those that wait for an endorsement, and all of them."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.applications.models import Application
from huilian.applications.queries import endorsement_queue, search_applications
from huilian.portals.console.words import (
    APPLICATION_STATES,
    NOTHING,
    category_names,
    channel_names,
    due_cell,
    said_state,
    step_word,
)
from huilian.portals.forms.console_filters import ApplicationFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme, working_calendar
from kit import clock

_NARROWING = ("state", "category", "channel", "step", "code")


@require_safe
@staff("application.see")
def endorsements(request: HttpRequest, user: User) -> HttpResponse:
    """What waits for this society, the most urgent first."""
    scheme, today = current_scheme(), local_day(clock.now())
    page = page_of(request, endorsement_queue())
    return show_list(
        request,
        user,
        title=_("To endorse"),
        lead=_("Applications that wait for this society, the most urgent first."),
        columns=_columns(Column(_("Clock"))),
        rows=[_row(each, scheme, today, waiting=True) for each in page],
        page=page,
        empty_title=_("Nothing waits for you"),
        empty_text=_("Applications that need an endorsement appear here as soon as they are handed in."),
        empty_actions=[Link(_("All applications"), reverse("console_applications"))],
    )


@require_safe
@staff("application.see")
def applications(request: HttpRequest, user: User) -> HttpResponse:
    """Every application that was handed in, newest first, wherever it stands."""
    scheme, today = current_scheme(), local_day(clock.now())
    form = ApplicationFilter(request.GET, scheme)
    found = search_applications(form.chosen("text"), **{name: form.chosen(name) for name in _NARROWING})
    page = page_of(request, found)
    return show_list(
        request,
        user,
        title=_("Applications"),
        columns=_columns(Column(_("State")), Column(_("Step")), Column(_("Clock"))),
        rows=[_row(each, scheme, today, waiting=False) for each in page],
        page=page,
        filters=form,
        empty_title=_("No application found") if request.GET else _("No applications yet"),
        empty_text="" if request.GET else _("Hand out a referral code: whoever follows it appears here."),
    )


def _columns(*more: Column) -> list[Column]:
    first = (_("Name"), _("Reference"), _("Category"), _("Channel"), _("Handed in"))
    return [*(Column(label) for label in first), *more]


def _row(each: Application, scheme: Scheme, today: date, *, waiting: bool) -> Row:
    calendar = working_calendar(scheme.calendar)
    cells: list[object] = [
        each.name,
        format_html('<span class="mono">{}</span>', each.reference),
        category_names(scheme).get(each.category, each.category),
        channel_names(scheme).get(each.channel, each.channel),
        day(each.submitted_at),
    ]
    under_way = each.state == APPLICATION_STATES.IN_PROGRESS
    if not waiting:
        cells.append(said_state(APPLICATION_STATES, each.state))
        cells.append(step_word(each.step) if under_way else NOTHING)
    cells.append(due_cell(each.step_due_on, today, calendar) if under_way else NOTHING)
    return Row(cells, reverse("console_application", args=[each.pk]))
