"""The journal: who did what to which, when, why; and whether its chain is whole."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huilian.accounts.models import User
from huilian.journal.models import Record
from huilian.journal.queries import search_records, verify
from huilian.portals.console.facts import facts_words, reason_words, subject_word
from huilian.portals.console.history import VERB_WORDS
from huilian.portals.console.words import actor_name
from huilian.portals.forms.console_filters import JournalFilter
from huilian.portals.shapes import Column, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from tenants.context import current

_MOMENT = '<span class="whole">{}</span> <span class="muted">{}</span>'
_FACTS = '<span class="pairs">{}</span>'
_REASON = '<span class="breaks">{}<br><span class="muted pairs">{}</span></span>'
_ACT = '{}<br><span class="mono muted" translate="no">{}</span>'
_SUBJECT = '<a href="{}">{} <span class="mono" translate="no">{}</span></a>'


@require_safe
@staff("journal.see")
def journal(request: HttpRequest, user: User) -> HttpResponse:
    """Every act, newest first."""
    form = JournalFilter(request.GET)
    found = search_records(
        verb=form.chosen("verb"),
        actor=form.chosen("actor"),
        subject_id=form.chosen("subject"),
        **_bounds(form),
    )
    page = page_of(request, found)
    return show_list(
        request,
        user,
        title=_("Journal"),
        lead=_("Appended to, never changed: each line carries the digest of the one before."),
        columns=[
            Column(_("When")),
            Column(_("Act")),
            Column(_("Who")),
            Column(_("What")),
            Column(_("Reason and facts")),
            Column(_("No."), numeric=True),
        ],
        rows=[_row(record) for record in page],
        page=page,
        filters=form,
        template="journal.html",
        empty_title=_("No act found") if request.GET else _("Nothing has happened yet"),
    )


@require_POST
@staff("journal.see")
def check_chain(request: HttpRequest, user: User) -> HttpResponse:
    """Compute every digest anew and say whether a line was changed, taken out or put in."""
    broken = verify()
    if broken is None:
        messages.success(request, _("The journal is whole: every line follows from the one before."))
    else:
        messages.error(request, _("The journal is broken at line %(line)s.") % {"line": broken})
    return HttpResponseRedirect(reverse("console_journal"))


def _bounds(form: JournalFilter) -> dict[str, datetime]:
    """The first moment of the first day, and of the day after the last."""
    days = form.cleaned_data if form.is_valid() else {}
    bounds = {"since": days.get("from_on"), "before": days.get("to_on")}
    if bounds["before"]:
        bounds["before"] = min(bounds["before"], date(9999, 12, 30)) + timedelta(days=1)
    zone = ZoneInfo(current().time_zone)
    return {name: datetime.combine(day, time(), zone) for name, day in bounds.items() if day}


def _row(record: Record) -> Row:
    url = f"{reverse('console_journal')}?subject={record.subject_id}"
    facts = facts_words(record.facts)
    return Row(
        [
            format_html(_MOMENT, day(record.at), localtime(record.at).strftime("%H:%M")),
            format_html(_ACT, VERB_WORDS.get(record.verb, ""), record.verb),
            actor_name(record.actor),
            format_html(_SUBJECT, url, subject_word(record.subject_type), record.subject_id[:8]),
            _why(record.reason, facts),
            record.seq,
        ]
    )


def _why(reason: str, facts: str) -> str:
    if reason:
        return format_html(_REASON, reason_words(reason), facts)
    return format_html(_FACTS, facts) if facts else ""
