"""The institutions of the federation, and what headquarters' books hold of each: period, representatives, dues."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.listing import applications_of, known_length
from federation.ledger.listing import roll as roll_rows
from federation.ledger.models import RollEntry
from huilian.accounts.models import User
from huilian.accounts.rules import verbs_of
from huilian.portals.console.institution_page import dues_of, representatives_of
from huilian.portals.console.words import (
    KIND_WORDS,
    MEMBER_STATES,
    category_names,
    channel_names,
    period_words,
    said_state,
    society_name,
)
from huilian.portals.forms.console_filters import InstitutionFilter
from huilian.portals.shapes import Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.headquarters.roll_table import COLUMNS, cells_of
from huilian.portals.views.console.pages import page_of, show, show_list
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme

_NARROWING = ("text", "society", "category", "state")


@require_safe
@staff("roll.see")
def institutions(request: HttpRequest, user: User) -> HttpResponse:
    """Institutional members of all societies, by the sound of their names."""
    scheme = current_scheme()
    form = InstitutionFilter(request.GET, scheme)
    wishes = {"kind": "institution", **{name: form.chosen(name) for name in _NARROWING}}
    page, names = page_of(request, roll_rows(**wishes), known=known_length("members", **wishes)), category_names(scheme)
    return show_list(
        request,
        user,
        title=_("Institutions"),
        lead=_("Institutional members of all societies, with their representatives."),
        columns=COLUMNS,
        rows=[Row(cells_of(each, names), reverse("console_institution", args=[each.pk])) for each in page],
        page=page,
        filters=form,
        empty_title=_("No institution found") if request.GET else _("No institution is a member yet"),
        empty_text="" if request.GET else _("Institutions appear here seconds after their society has activated them."),
    )


@require_safe
@staff("roll.see")
def institution(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One institution: its membership, who acts for it, what it owes and has paid."""
    found = get_object_or_404(RollEntry, pk=pk, kind="institution")
    scheme, verbs = current_scheme(), verbs_of(user)
    applications = list(applications_of(found))
    context = {
        "institution": found,
        "state": said_state(MEMBER_STATES, found.state),
        "facts": _facts(found, scheme),
        "application_count": len(applications),
        **representatives_of(found, applications, cases="case.see" in verbs),
        **(dues_of(found, applications, payments="payment.see" in verbs) if "fees.see" in verbs else {}),
        "back": Link(_("Institutions"), reverse("console_institutions")),
    }
    return show(request, user, "institution.html", context)


def _facts(found: RollEntry, scheme: Scheme) -> list[Fact]:
    return [
        Fact(_("Member number"), found.number, copy=True),
        Fact(_("Society"), society_name(found.society)),
        Fact(_("Category"), category_names(scheme).get(found.category, found.category)),
        Fact(_("Kind"), KIND_WORDS[found.kind]),
        Fact(_("Member since"), day(found.joined_on)),
        Fact(_("Present period"), period_words(found.from_on, found.to_on)),
        Fact(_("Channel"), channel_names(scheme).get(found.channel, found.channel)),
        *([Fact(_("Came by code"), found.referral_code)] if found.referral_code else []),
    ]
