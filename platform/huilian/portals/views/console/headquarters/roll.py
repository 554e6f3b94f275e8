"""The roll: every member of every society, as last reported."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.models import RollEntry
from federation.ledger.queries import roll as roll_rows
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import may, require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.portals.console_words import (
    MEMBER_STATES,
    category_names,
    channel_names,
    last_day,
    said_state,
    society_name,
    society_names,
)
from huilian.portals.forms.console_filters import RollFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.member_export import BOM, csv_text
from huilian.portals.views.console.pages import page_of, show_list
from huilian.schemes.queries import current_scheme
from kit import clock
from tenants.context import current, inside

_NARROWING = ("society", "category", "state")
_LINES = 1000


@require_safe
@staff("roll.see")
def roll(request: HttpRequest, user: User) -> HttpResponse:
    """The roll with its filters; the address of a filtered list can be kept."""
    scheme = current_scheme()
    form = RollFilter(request.GET, scheme)
    page = page_of(request, _found(form), size=50)
    names, channels = category_names(scheme), channel_names(scheme)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    export = [Link(_("Export as CSV"), reverse("console_roll_export") + query, icon="down")]
    return show_list(
        request,
        user,
        title=_("Roll of members"),
        columns=[
            Column(_("Name")),
            Column(_("Number")),
            Column(_("Society")),
            Column(_("Category")),
            Column(_("State")),
            Column(_("Member since")),
            Column(_("Until")),
            Column(_("Channel")),
        ],
        rows=[
            Row(
                [
                    each.name,
                    format_html('<span class="mono">{}</span>', each.number),
                    society_name(each.society),
                    names.get(each.category, each.category),
                    said_state(MEMBER_STATES, each.state),
                    day(each.joined_on),
                    last_day(each.to_on),
                    channels.get(each.channel, each.channel),
                ]
            )
            for each in page
        ],
        page=page,
        filters=form,
        actions=export if may(user, "member.export") else [],
        empty_title=_("No member found") if request.GET else _("The roll is empty"),
        empty_text="" if request.GET else _("Members appear here seconds after their society has activated them."),
    )


@require_safe
@staff("roll.see")
def export(request: HttpRequest, user: User) -> HttpResponseBase:
    """The filtered roll as a file, written line by line however long it is; the journal says who took it."""
    require(user, "member.export")
    form, at = RollFilter(request.GET, current_scheme()), clock.now()
    found = _found(form)
    with transaction.atomic():
        chosen = {name: form.chosen(name) for name in _NARROWING if form.chosen(name)}
        record("roll.exported", ("roll", "list"), by=actor_of(user), at=at, **chosen)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    name = f"roll-{local_day(at).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(form: RollFilter) -> QuerySet[RollEntry]:
    return roll_rows(text=form.chosen("text"), **{name: form.chosen(name) for name in _NARROWING})


def _lines(found: QuerySet[RollEntry]) -> Iterator[str]:
    """Blocks of lines; the reading goes on after the view has returned, so it says where it acts."""
    scheme, societies = current_scheme(), society_names()
    names, channels = category_names(scheme), channel_names(scheme)
    states = {state.value: str(state.label) for state in MEMBER_STATES}
    here = current()
    head = [
        gettext("Member number"),
        gettext("Name"),
        gettext("Society"),
        gettext("Category"),
        gettext("State"),
        gettext("Member since"),
        gettext("From"),
        gettext("Until (not included)"),
        gettext("Channel"),
        gettext("Referral code"),
    ]

    def blocks() -> Iterator[str]:
        yield BOM + csv_text([head])
        block: list[list[object]] = []
        with inside(here):
            for each in found.iterator(chunk_size=_LINES):
                block.append(
                    [
                        each.number,
                        each.name,
                        societies.get(each.society, each.society),
                        names.get(each.category, each.category),
                        states.get(each.state, each.state),
                        each.joined_on,
                        each.from_on,
                        each.to_on,
                        channels.get(each.channel, each.channel),
                        each.referral_code,
                    ]
                )
                if len(block) == _LINES:
                    yield csv_text(block)
                    block.clear()
        if block:
            yield csv_text(block)

    return blocks()
