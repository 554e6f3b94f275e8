"""Members as a file for a spreadsheet: safe to open there, and noted in the journal."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.portals.console_words import MEMBER_STATES, category_names, channel_names
from huilian.portals.forms.console_filters import MemberFilter
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.members import found_members
from huilian.schemes.queries import current_scheme
from kit import clock
from tenants.context import current

BOM = "\ufeff"  # by which Excel knows that the file is UTF-8
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as lines of CSV."""
    written = StringIO()
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


@require_safe
@staff("member.export")
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The members that the filter finds, without phone, e-mail or ID number."""
    scheme, at = current_scheme(), clock.now()
    form = MemberFilter(request.GET, scheme)
    found = found_members(form)
    if form.errors:
        return HttpResponseRedirect(f"{reverse('console_members')}?{request.GET.urlencode()}")
    categories, channels = category_names(scheme), channel_names(scheme)
    rows = [
        [
            each.number,
            each.name,
            categories.get(each.category, each.category),
            MEMBER_STATES(each.state).label,
            each.joined_on,
            each.from_on,
            each.to_on,
            channels.get(each.channel, each.channel),
            each.referral_code,
        ]
        for each in found.iterator(chunk_size=2000)
    ]
    with transaction.atomic():
        require(user, "member.export")
        filters = {name: value for name, value in form.cleaned_data.items() if value and name != "text"}
        record("members.exported", ("members", "list"), by=actor_of(user), at=at, rows=len(rows), **filters)
    head = [
        _("Member number"),
        _("Name"),
        _("Category"),
        _("State"),
        _("Member since"),
        _("From"),
        _("Until (not included)"),
        _("Channel"),
        _("Referral code"),
    ]
    response = HttpResponse(BOM + csv_text([head, *rows]), content_type="text/csv; charset=utf-8")
    name = f"members-{current().number}-{local_day(at).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
