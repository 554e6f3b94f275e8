"""Members as a file for a spreadsheet: safe to open there, masked unless asked for, and noted in the journal."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.members.models import Member
from huilian.portals.console.downloads import Kind, check_fits, download
from huilian.portals.console.member_rows import WIDTHS, Shown, member_blocks, member_head
from huilian.portals.forms.console_filters import MemberFilter
from huilian.portals.forms.exporting import ContactExportForm
from huilian.portals.shapes import Fact, Link
from huilian.portals.templatetags.huilian_tags import figure
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.members import found_members
from huilian.portals.views.console.pages import attempt, show_form
from huilian.schemes.queries import current_scheme
from kit import clock
from tenants.context import current


@require_safe
@staff("member.export")
def export(request: HttpRequest, user: User, kind: Kind) -> HttpResponseBase:
    """The members that the filter finds, with phone and e-mail masked."""
    form = MemberFilter(request.GET, current_scheme())
    found = found_members(form)
    if form.errors:
        return HttpResponseRedirect(_with_filter(request, "console_members"))
    return _file(user, form, found, kind=kind, shown=Shown())


@require_http_methods(["GET", "HEAD", "POST"])
@staff("member.reveal")
def export_contacts(request: HttpRequest, user: User) -> HttpResponseBase:
    """Ask for a reason, then hand out the members that the filter finds with their contact data in full."""
    require(user, "member.export")
    narrowed = MemberFilter(request.GET, current_scheme())
    found = found_members(narrowed)
    if narrowed.errors:
        return HttpResponseRedirect(_with_filter(request, "console_members"))
    form = ContactExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.cleaned_data
        shown = Shown(contacts=True, id_numbers=wish["id_numbers"])
        done = attempt(
            form, lambda: _file(user, narrowed, found, kind=wish["kind"], shown=shown, reason=wish["reason"])
        )
        if done is not None:
            return done
    return show_form(
        request,
        user,
        form,
        title=_("Export with contact data"),
        lead=_("The file holds phone numbers and e-mail addresses in full. From then on it is in your keeping."),
        warning=_("The journal keeps who took the file, when, why, by which filter and with how many members."),
        facts=[Fact(_("Members found by the filter"), figure(found.count()))],
        button=_("Download the file"),
        back=Link(_("Members"), _with_filter(request, "console_members")),
    )


def _file(
    user: User, form: MemberFilter, found: QuerySet[Member], *, kind: Kind, shown: Shown, reason: str = ""
) -> HttpResponseBase:
    """Note it, then begin to send: what the journal cannot keep does not leave."""
    at = clock.now()
    with transaction.atomic():
        require(user, "member.export")
        rows = found.count()
        check_fits(kind, rows)
        filters: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if value and name != "text"}
        if form.chosen("text"):
            filters["searched"] = True  # what was typed may be somebody's phone
        if shown.contacts:
            filters["contacts"] = True
        if shown.id_numbers:
            filters["id_numbers"] = True
        record(
            "members.exported",
            ("members", "list"),
            by=actor_of(user),
            at=at,
            reason=reason,
            rows=rows,
            format=kind,
            **filters,
        )
    return download(
        kind,
        member_head(shown),
        member_blocks(found, current_scheme(), shown),
        name=f"members-{current().number}-{local_day(at).isoformat()}",
        sheet=gettext("Members"),
        widths=WIDTHS,
    )


def _with_filter(request: HttpRequest, name: str) -> str:
    return f"{reverse(name)}?{request.GET.urlencode()}" if request.GET else reverse(name)
