"""The border: how far each society's messages are, what is parked here, and whether the books agree."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from federation.ledger.models import Reconciliation
from federation.models import InboxMessage
from federation.queries import Lag, federation_health, parked_messages
from huilian.accounts.models import User
from huilian.applications.deciding import reconcile, repair, replay_parked
from huilian.portals.console.words import NOTHING, society_name
from huilian.portals.shapes import Column, Fact, Link, Row, Words
from huilian.portals.templatetags.huilian_tags import badge, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, page_of, show, show_list
from kit import clock

_SLOW_SECONDS = 60
_BOOKS: dict[str, Words] = {
    "members": _("Roll of members"),
    "applications": _("Applications"),
    "fees": _("Fees"),
    "sums": _("Sums"),
}


@require_safe
@staff("reconcile.run")
def border(request: HttpRequest, user: User) -> HttpResponse:
    """Every society's lag and last comparison of the books; parked messages of headquarters."""
    at = clock.now()
    latest = _latest_comparisons()
    page = page_of(request, parked_messages())
    context = {
        "columns": [
            Column(_("Society")),
            Column(_("On their way"), numeric=True),
            Column(_("Waiting there"), numeric=True),
            Column(_("Parked there"), numeric=True),
            Column(_("Delay")),
            Column(_("Books")),
        ],
        "rows": [_lag_row(lag, latest.get(lag.society), at) for lag in federation_health()],
        "pending": any(each.agrees is None for each in latest.values()),
        "parked_columns": [
            Column(_("Message")),
            Column(_("From")),
            Column(_("Received")),
            Column(_("Fault")),
            Column(_("Attempts"), numeric=True),
        ],
        "parked": [_parked(message) for message in page],
        "page": page,
    }
    return show(request, user, "border.html", context)


@require_POST
@staff("reconcile.run")
def reconcile_books(request: HttpRequest, user: User) -> HttpResponse:
    """Ask one society (`number`), or all, for the statement of its books."""
    number = request.POST.get("number", "")
    wanted = [number] if number else None
    return act_and_return(
        request,
        lambda: reconcile(numbers=wanted, by_user=user, at=clock.now()),
        done=_("Asked. The answers arrive within seconds and are compared by themselves."),
        to=reverse("console_border"),
    )


@require_safe
@staff("reconcile.run")
def comparison(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One comparison of the books: each row on which headquarters and the society do not agree."""
    found = get_object_or_404(Reconciliation, pk=pk)
    columns = [Column(_("Books")), Column(_("Row")), Column(_("Here")), Column(_("There"))]
    differences: list[dict[str, Any]] = found.differences
    facts = [
        Fact(_("Society"), society_name(found.society)),
        Fact(_("Asked"), moment(found.asked_at)),
        Fact(_("Answered"), moment(found.answered_at) or NOTHING),
        Fact(_("Result"), _result(found)),
    ]
    return show_list(
        request,
        user,
        title=_("Comparison of the books"),
        columns=columns,
        rows=[
            Row(
                [
                    _BOOKS.get(each["aggregate"], each["aggregate"]),
                    _mono(each["id"]),
                    _mono(each["here"][:12]),
                    _mono(each["there"][:12]),
                ]
            )
            for each in differences[:200]
        ],
        back=Link(_("Border"), reverse("console_border")),
        template="comparison.html",
        facts=facts,
        comparison=found,
        more=max(0, len(differences) - 200),
        empty_title=_("No difference") if found.agrees else _("No answer yet"),
    )


@require_POST
@staff("reconcile.run")
def repair_books(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Have the differing rows reported again; another comparison shows whether they agree then."""
    found = get_object_or_404(Reconciliation, pk=pk)

    def act() -> None:
        repair(found, by_user=user, at=clock.now())
        reconcile(numbers=[found.society], by_user=user, at=clock.now())

    return act_and_return(
        request,
        act,
        done=_("The society reports these rows again, and the books are compared once more."),
        to=reverse("console_border"),
    )


@require_safe
@staff("reconcile.run")
def parked(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One parked message: what it is about and what went wrong; not what it says, which may be somebody's."""
    message = get_object_or_404(parked_messages(), pk=pk)
    context = {
        "message": message,
        "facts": [
            Fact(_("Message"), f"{message.type} · {message.message_id}"),
            Fact(_("From"), society_name(message.sender)),
            Fact(_("About"), _mono(message.subject)),
            Fact(_("Written"), moment(message.occurred_at)),
            Fact(_("Received"), moment(message.received_at)),
            Fact(_("Attempts"), message.attempts),
            Fact(_("Fault"), _mono(message.error)),
        ],
        "back": Link(_("Border"), reverse("console_border")),
    }
    return show(request, user, "parked.html", context)


@require_POST
@staff("reconcile.run")
def replay(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Let a parked message be handled again, once its cause is mended."""
    message = get_object_or_404(InboxMessage, pk=pk)
    return act_and_return(
        request,
        lambda: replay_parked(message, by_user=user, at=clock.now()),
        done=_("The message waits again and is handled in a moment."),
        to=reverse("console_border"),
    )


def _latest_comparisons() -> dict[str, Reconciliation]:
    """The last comparison with each society, without what was stated: one query."""
    newest: QuerySet[Reconciliation] = Reconciliation.objects.filter(society=OuterRef("society")).order_by("-pk")
    found = Reconciliation.objects.filter(pk=Subquery(newest.values("pk")[:1])).defer("statement", "differences")
    return {each.society: each for each in found}


def _lag_row(lag: Lag, last: Reconciliation | None, at: datetime) -> Row:
    since = [moment for moment in (lag.undelivered_since, lag.waiting_since) if moment is not None]
    return Row(
        [
            f"{lag.society} {society_name(lag.society)}",
            lag.undelivered,
            lag.waiting,
            badge("parked", label=str(lag.parked)) if lag.parked else 0,
            _age((at - min(since)).total_seconds()) if since else badge("done", label=gettext("up to date")),
            _books(last),
        ]
    )


def _age(seconds: float) -> SafeString:
    count = max(1, round(seconds if seconds < _SLOW_SECONDS else seconds / 60))
    if seconds < _SLOW_SECONDS:
        words = ngettext("%(count)s second", "%(count)s seconds", count) % {"count": count}
        return badge("processing", label=words)
    words = ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    return badge("late", label=words)


def _books(last: Reconciliation | None) -> SafeString | str:
    if last is None:
        return gettext("never compared")
    url = reverse("console_comparison", args=[last.pk])
    return format_html('{} <a href="{}">{}</a>', _result(last), url, moment(last.asked_at))


def _result(found: Reconciliation) -> SafeString:
    if found.agrees is None:
        return badge("waiting", label=gettext("being compared"))
    if found.agrees:
        return badge("done", label=gettext("agree"))
    return badge("failed", label=gettext("differ"))


def _parked(message: InboxMessage) -> Row:
    cells = [
        message.type,
        society_name(message.sender),
        moment(message.received_at),
        _mono(message.error),
        message.attempts,
    ]
    return Row(cells, reverse("console_parked", args=[message.pk]))


def _mono(text: str) -> SafeString:
    return format_html('<span class="mono" translate="no">{}</span>', text or NOTHING)
