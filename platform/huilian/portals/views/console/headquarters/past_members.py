"""Who was a member in standing at the end of a day: whom to invite to the congress, and who had a vote."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.listing import standing_on
from federation.ledger.models import RollEntry
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import may, require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.portals.console.downloads import Kind, Rows, check_fits, download
from huilian.portals.console.words import MEMBER_STATES, category_names, said_state, society_name, society_names
from huilian.portals.forms.console_filters import PastMembersFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from tenants.paging import in_pages

_WIDTHS = (16, 24, 24, 20, 12)


@require_safe
@staff("roll.see")
def members(request: HttpRequest, user: User) -> HttpResponse:
    """The members of a society on a day by the sound of their names, each in the category of that day.

    Of one society at a time: among a million it could take long to find the few of a day long ago.
    """
    scheme, form = _asked(request)
    society = form.chosen("society")
    page = page_of(request, _found(form) if society else RollEntry.objects.none())
    names = category_names(scheme)
    query = "?" + urlencode({"as_of": form.day.isoformat(), **_chosen(form)})
    export = [
        Link(_("Export as Excel"), f"{reverse('console_past_members_export_xlsx')}{query}", icon="down"),
        Link(_("Export as CSV"), f"{reverse('console_past_members_export')}{query}", icon="down"),
    ]
    return show_list(
        request,
        user,
        title=_("Members of a past day"),
        lead=gettext("In standing at the end of %(day)s.") % {"day": day(form.day)},
        columns=[
            Column(_("Name")),
            Column(_("Number")),
            Column(_("Society")),
            Column(_("Category then")),
            Column(_("Member since")),
            Column(_("State today")),
        ],
        rows=[
            Row(
                [
                    each.name,
                    format_html('<span class="mono">{}</span>', each.number),
                    society_name(each.society),
                    names.get(_category_of(each), _category_of(each)),
                    day(each.joined_on),
                    said_state(MEMBER_STATES, each.state),
                ]
            )
            for each in page
        ],
        page=page,
        filters=form,
        actions=export if may(user, "member.export") else [],
        back=Link(_("Figures of a past day"), f"{reverse('console_past')}{query}"),
        empty_title=_("Nobody was a member in standing on that day") if society else _("Choose a society"),
        empty_text="" if society else _("The members of a day are shown society by society; a file holds them all."),
    )


@require_safe
@staff("roll.see")
def export(request: HttpRequest, user: User, kind: Kind) -> HttpResponseBase:
    """The same list as a file, sent while it is read; the journal says who took it."""
    require(user, "member.export")
    scheme, form = _asked(request)
    if form.errors:
        return HttpResponseRedirect(f"{reverse('console_past_members')}?{request.GET.urlencode()}")
    found, on = _found(form), form.day
    with transaction.atomic():
        rows = found.count()
        check_fits(kind, rows)
        facts: dict[str, Any] = {"rows": rows, "format": kind, "day": on.isoformat(), **_chosen(form)}
        record("roll.exported", ("roll", "list"), by=actor_of(user), at=clock.now(), **facts)
    return download(
        kind,
        [gettext("Member number"), gettext("Name"), gettext("Society"), gettext("Category"), gettext("Member since")],
        _blocks(found, scheme),
        name=f"members-{on.isoformat()}",
        sheet=gettext("Members of a past day"),
        widths=_WIDTHS,
    )


def _blocks(found: QuerySet[RollEntry], scheme: Scheme) -> Iterator[Rows]:
    societies, categories = society_names(), category_names(scheme)
    columns = ("id", "number", "name", "society", "then", "joined_on")
    for page in in_pages(found, columns):
        yield [
            (number, name, societies.get(society, society), categories.get(category, category), since)
            for _id, number, name, society, then, since in page
            for category in [_category(then)]
        ]


def _asked(request: HttpRequest) -> tuple[Scheme, PastMembersFilter]:
    today = local_day(clock.now())
    scheme = current_scheme(today)
    return scheme, PastMembersFilter(request.GET, scheme, today=today)


def _found(form: PastMembersFilter) -> QuerySet[RollEntry]:
    return standing_on(form.day, society=form.chosen("society"), category=form.chosen("category"))


def _chosen(form: PastMembersFilter) -> dict[str, str]:
    return {name: form.chosen(name) for name in ("society", "category") if form.chosen(name)}


def _category_of(entry: RollEntry) -> str:
    return _category(entry.then)  # type: ignore[attr-defined]  # annotated by `standing_on`


def _category(then: str) -> str:
    """Out of how a row counted: `kind|category|active`."""
    return then.split("|")[1]
