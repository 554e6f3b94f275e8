"""One list of existing members: every row with what is wrong in it, how far the work is, and the refused rows."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.members.importing.columns import BY_CODE, COLUMNS, double_head
from huilian.members.models import ImportRow, MemberImport
from huilian.members.services.importing import cells_of
from huilian.portals.console.downloads import download
from huilian.portals.console.words import NOTHING, actor_name
from huilian.portals.shapes import Column, Fact, Link, Row, Tile
from huilian.portals.templatetags.huilian_tags import badge, figure, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.imports import counted, state_badge
from huilian.portals.views.console.pages import page_of, show_list
from kit import clock

_ROW_TONES = {"ready": "info", "refused": "bad", "done": "good"}
_STATES = MemberImport.State


@require_safe
@staff("member.import")
def preview(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The list row by row; while it is taken over, how far the work is."""
    batch = get_object_or_404(counted(), pk=pk)
    here = reverse("console_import", args=[pk])
    only = request.GET.get("show", "")
    shown = only if only in ImportRow.State.values else ""
    rows = ImportRow.objects.filter(batch=batch).select_related("member").order_by("line")
    page = page_of(request, rows.filter(state=shown) if shown else rows, size=50)
    total = batch.ready + batch.refused + batch.done
    counts = {"": total, "refused": batch.refused, "ready": batch.ready, "done": batch.done}
    tabs = [
        Link(label, f"{here}?show={state}" if state else here, current=shown == state, count=counts[state])
        for state, label in (("", _("All rows")), *ImportRow.State.choices)
        if not state or counts[state]
    ]
    return show_list(
        request,
        user,
        title=batch.file_name,
        columns=[
            Column(_("Row")),
            Column(_("Name")),
            Column(_("State")),
            Column(_("What is to be done")),
        ],
        rows=[
            Row(
                [
                    gettext("Row %(line)s") % {"line": each.line},
                    each.name or NOTHING,
                    badge(each.state, label=ImportRow.State(each.state).label, tone=_ROW_TONES[each.state]),
                    _remarks(each),
                ],
                reverse("console_member", args=[each.member_id]) if each.member_id else "",
            )
            for each in page
        ],
        page=page,
        tabs=tabs,
        back=Link(_("Members from a list"), reverse("console_imports")),
        empty_title=_("No rows"),
        empty_text=_("The rows of a discarded list are not kept."),
        template="import.html",
        batch=batch,
        state=state_badge(batch),
        tiles=[
            Tile(_("Rows"), figure(total)),
            Tile(_("Ready"), figure(batch.ready), tone="info"),
            Tile(_("To be corrected"), figure(batch.refused), tone="bad" if batch.refused else "quiet"),
            Tile(_("Taken over"), figure(batch.done), tone="good" if batch.done else "quiet"),
        ],
        facts=_facts(batch),
        running=batch.state == _STATES.RUNNING,
        waiting=batch.state == _STATES.CHECKED,
        percent=100 * batch.done // max(1, total - batch.refused),
        dealt=batch.done,
        wanted=total - batch.refused,
    )


@require_safe
@staff("member.import")
def refused(request: HttpRequest, user: User, pk: UUID) -> HttpResponseBase:
    """The refused rows as they came, with what is wrong: to be corrected and handed in again."""
    batch = get_object_or_404(MemberImport, pk=pk)
    rows = list(ImportRow.objects.filter(batch=batch, state=ImportRow.State.REFUSED).exclude(sealed=""))
    with transaction.atomic():
        record("members.refused_rows_taken", batch, by=actor_of(user), at=clock.now(), rows=len(rows))
    block = []
    for row in rows:
        cells = cells_of(row)
        block.append([*(cells.get(column.code, "") for column in COLUMNS), row.line, _plain(row)])
    head = [*(double_head(column) for column in COLUMNS), gettext("Row in the old file"), gettext("What is to be done")]
    return download("xlsx", head, [block], name=f"members-refused-{batch.pk.hex[:8]}", sheet=gettext("Members"))


def _facts(batch: MemberImport) -> list[Fact]:
    facts = [Fact(_("Handed in"), moment(batch.uploaded_at)), Fact(_("Handed in by"), actor_name(batch.uploaded_by))]
    if batch.confirmed_at:
        facts += [
            Fact(_("Confirmed"), moment(batch.confirmed_at)),
            Fact(_("Confirmed by"), actor_name(batch.confirmed_by)),
            Fact(_("Where the list comes from"), batch.reason),
            Fact(_("Letters to the members"), _("one to each") if batch.invites else _("none sent")),
        ]
    if batch.finished_at:
        facts.append(Fact(_("Finished"), moment(batch.finished_at)))
    return facts


def _remarks(row: ImportRow) -> SafeString | str:
    if row.member is not None:
        return format_html('<span class="mono">{}</span>', row.member.number)
    return format_html_join(SafeString("<br>"), "{}", ((_said(each),) for each in row.problems))


def _plain(row: ImportRow) -> str:
    return "\n".join(_said(each) for each in row.problems)


def _said(problem: Mapping[str, str]) -> str:
    """`Phone: what is wrong`, in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    words = problem["zh" if chinese else "en"]
    column = BY_CODE.get(problem["column"])
    if column is None:
        return words
    name = column.head.zh if chinese else column.head.en
    return pgettext("a fact and its value", "%(name)s: %(value)s") % {"name": name, "value": words}
