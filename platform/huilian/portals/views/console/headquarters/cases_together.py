"""Approving several students' cases at once: which they are is asked once more, and what became of each is told."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from federation.ledger.models import Case
from huilian.accounts.models import User
from huilian.applications.together import MOST, Verdict, approve_together, may_go_together
from huilian.portals.console.words import category_names, society_name
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import badge
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import show, show_list
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.decide")
def together(request: HttpRequest, user: User) -> HttpResponse:
    """Ask which cases are meant; approve them, each by itself, and say what became of each."""
    if request.method == "POST":
        try:
            verdicts = approve_together(_wishes(request), by_user=user, at=clock.now())
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            return _back(request, str(refusal))
        return _told(request, user, verdicts)
    chosen = _chosen(request.GET.getlist("case"))
    if not chosen:
        return _back(request, gettext("Choose the cases to approve first."))
    scheme = current_scheme()
    fit = [case for case in chosen if case.state == Case.State.OPEN and may_go_together(case)]
    context = {
        "columns": [Column(_("Name")), Column(_("Category")), Column(_("Society"))],
        "rows": [_row(case, scheme) for case in fit],
        "wishes": [f"{case.pk} {case.version}" for case in fit],
        "unfit": [case for case in chosen if case not in fit],
        "count": len(fit),
        "back": Link(_("Approvals"), reverse("console_cases")),
    }
    return show(request, user, "together.html", context)


def _told(request: HttpRequest, user: User, verdicts: Iterable[Verdict]) -> HttpResponse:
    scheme, found = current_scheme(), list(verdicts)
    done = sum(not each.problem for each in found)
    words = ngettext(
        "%(count)s case is approved; its society is told.",
        "%(count)s cases are approved; their societies are told.",
        done,
    )
    return show_list(
        request,
        user,
        title=_("Approved together"),
        lead=words % {"count": done},
        columns=[Column(_("Name")), Column(_("Category")), Column(_("Society")), Column(_("Result"))],
        rows=[Row([*_row(each.case, scheme).cells, _result(each)], _row(each.case, scheme).url) for each in found],
        back=Link(_("Approvals"), reverse("console_cases")),
    )


def _result(verdict: Verdict) -> SafeString:
    if not verdict.problem:
        return badge("approved", label=gettext("Approved"), tone="good")
    return format_html("{} <span>{}</span>", badge("none", label=gettext("Not approved"), tone="bad"), verdict.problem)


def _row(case: Case, scheme: Scheme) -> Row:
    return Row(
        [
            format_html('{}<br><span class="mono muted">{}</span>', case.name, case.reference),
            category_names(scheme).get(case.category, case.category),
            society_name(case.society),
        ],
        reverse("console_case", args=[case.pk]),
    )


def _chosen(keys: Iterable[str]) -> list[Case]:
    """The cases of these keys, as many as go together; what is no key is passed over."""
    found: QuerySet[Case] = Case.objects.filter(pk__in=[pk for key in keys if (pk := _key(key))])
    return list(found.order_by("due_on", "opened_at")[:MOST])


def _wishes(request: HttpRequest) -> list[tuple[UUID, int]]:
    """What the page that asked has sent back: key and version of each case."""
    wishes = []
    for each in request.POST.getlist("case"):
        key, _space, version = each.partition(" ")
        if (pk := _key(key)) and version.isascii() and version.isdigit():
            wishes.append((pk, int(version[:9])))
    return wishes


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(reverse("console_cases"))
