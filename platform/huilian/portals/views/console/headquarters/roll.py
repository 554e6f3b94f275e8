"""The roll: every member of every society, as last reported."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.listing import known_length
from federation.ledger.listing import roll as roll_rows
from federation.ledger.models import RollEntry
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import may, require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.portals.console.downloads import Kind, check_fits, download
from huilian.portals.console.roll_rows import WIDTHS, roll_blocks, roll_head
from huilian.portals.console.saved_filters import kept_filters
from huilian.portals.console.words import category_names, channel_names
from huilian.portals.forms.console_filters import RollFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.headquarters.roll_table import COLUMNS, cells_of
from huilian.portals.views.console.pages import page_of, show_list
from huilian.schemes.queries import current_scheme
from kit import clock

_NARROWING = ("society", "category", "state", "code")
_MOST_COUNTED = 10_000  # of what a search finds among a million: who sees more searches on


@require_safe
@staff("roll.see")
def roll(request: HttpRequest, user: User) -> HttpResponse:
    """The roll with its filters; the address of a filtered list can be kept."""
    scheme = current_scheme()
    form = RollFilter(request.GET, scheme)
    page = page_of(request, _found(form), known=known_length("members", **_wishes(form)), most=_MOST_COUNTED)
    names, channels = category_names(scheme), channel_names(scheme)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    export = [
        Link(_("Export as Excel"), reverse("console_roll_export_xlsx") + query, icon="down"),
        Link(_("Export as CSV"), reverse("console_roll_export") + query, icon="down"),
    ]
    return show_list(
        request,
        user,
        title=_("Roll of members"),
        columns=[*COLUMNS, Column(_("Channel"))],
        rows=[Row([*cells_of(each, names), channels.get(each.channel, each.channel)]) for each in page],
        page=page,
        filters=form,
        actions=export if may(user, "member.export") else [],
        template="list_kept.html",
        **kept_filters(request, user, "roll", form),
        empty_title=_("No member found") if request.GET else _("The roll is empty"),
        empty_text="" if request.GET else _("Members appear here seconds after their society has activated them."),
    )


@require_safe
@staff("roll.see")
def export(request: HttpRequest, user: User, kind: Kind) -> HttpResponseBase:
    """The filtered roll as a file, sent while it is read however long it is; the journal says who took it."""
    require(user, "member.export")
    scheme, at = current_scheme(), clock.now()
    form = RollFilter(request.GET, scheme)
    found = _found(form)
    if form.errors:
        return HttpResponseRedirect(f"{reverse('console_roll')}?{request.GET.urlencode()}")
    with transaction.atomic():
        rows = found.count()
        check_fits(kind, rows)
        chosen: dict[str, Any] = {name: form.chosen(name) for name in _NARROWING if form.chosen(name)}
        if form.chosen("text"):
            chosen["searched"] = True
        record("roll.exported", ("roll", "list"), by=actor_of(user), at=at, rows=rows, format=kind, **chosen)
    return download(
        kind,
        roll_head(),
        roll_blocks(found, scheme),
        name=f"roll-{local_day(at).isoformat()}",
        sheet=gettext("Roll of members"),
        widths=WIDTHS,
    )


def _found(form: RollFilter) -> QuerySet[RollEntry]:
    return roll_rows(**_wishes(form))


def _wishes(form: RollFilter) -> dict[str, str]:
    return {name: form.chosen(name) for name in (*_NARROWING, "text")}
