"""One member: years, code, what came of it; contact data only on request, and the request is journalled."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from huilian.accounts.hashing import open_sealed
from huilian.accounts.models import User
from huilian.accounts.rules import require, verbs_of
from huilian.applications.promotion import mint_code_of_member
from huilian.journal.actors import actor_of
from huilian.journal.queries import records_of
from huilian.journal.services import record
from huilian.members.models import EntitlementYear, Member
from huilian.portals.console.dossier import answer_facts, interest_fact
from huilian.portals.console.history import history
from huilian.portals.console.words import (
    KIND_WORDS,
    MEMBER_STATES,
    NOTHING,
    category_names,
    channel_names,
    masked,
    period_words,
    said_state,
)
from huilian.portals.shapes import Column, Fact, Link, Row, Words
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import show
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from referrals.queries import live_code_of


@require_safe
@staff("member.search")
def member(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The member's page; phone, e-mail and ID number are masked."""
    return _show(request, user, get_object_or_404(Member, pk=pk), revealed=False)


@require_POST
@staff("member.reveal")
def reveal(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The same page with contact data and ID number, this once; the journal says who looked."""
    found = get_object_or_404(Member, pk=pk)
    require(user, "member.reveal", found)
    with transaction.atomic():
        record("member.revealed", found, by=actor_of(user), at=clock.now(), number=found.number)
    return _show(request, user, found, revealed=True)


@require_POST
@staff("code.mint")
def generate_code(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Generate the member's referral code, or find the one there is, and show it."""
    code = mint_code_of_member(get_object_or_404(Member, pk=pk), by_user=user, at=clock.now())
    return HttpResponseRedirect(reverse("console_code", args=[code.pk]))


def _show(request: HttpRequest, user: User, found: Member, *, revealed: bool) -> HttpResponse:
    scheme, verbs = current_scheme(), verbs_of(user)
    categories = category_names(scheme)
    context: dict[str, Any] = {
        "member": found,
        "state": said_state(MEMBER_STATES, found.state),
        "facts": _facts(found, scheme),
        "contact": _contact(found, revealed=revealed),
        "revealed": revealed,
        "may_reveal": "member.reveal" in verbs and not revealed,
        "profile": [
            *answer_facts(scheme.category(found.category), found.profile, contacts=revealed),
            *interest_fact(found.interests),
        ]
        if found.category in categories
        else [],
        "referral": live_code_of(found.pk) if "code.see" in verbs else None,
        "may_mint": "code.mint" in verbs and found.state != MEMBER_STATES.ENDED,
        "sees_codes": "code.see" in verbs,
        "columns": [Column(_("Category")), Column(_("Period")), Column(_("By"))],
        "years": [
            Row(
                [
                    categories.get(year.category, year.category),
                    period_words(year.from_on, year.to_on),
                    _paid_by(year),
                ]
            )
            for year in found.years.all()
        ],
        "representatives": [
            Row([each.name, each.position or NOTHING, period_words(each.from_on, each.to_on)])
            for each in (found.representatives.order_by("from_on") if found.kind == "institution" else ())
        ],
        "representative_columns": [Column(_("Name")), Column(_("Position")), Column(_("Period"))],
        "history": history(records_of(found)[:20]) if "journal.see" in verbs else [],
        "application_url": reverse("console_application", args=[found.application_id])
        if found.application_id and "application.see" in verbs
        else "",
        "back": Link(_("Members"), reverse("console_members")),
    }
    return show(request, user, "member.html", context)


def _paid_by(year: EntitlementYear) -> Words:
    if year.resolution:
        return year.resolution
    if year.bill_id:
        return _("dues paid")
    return _("free of dues") if year.application_id else _("as the list had it")


def _facts(found: Member, scheme: Scheme) -> list[Fact]:
    return [
        Fact(_("Member number"), found.number, copy=True),
        Fact(_("Category"), category_names(scheme).get(found.category, found.category)),
        Fact(_("Kind"), KIND_WORDS.get(found.kind, found.kind)),
        Fact(_("Member since"), day(found.joined_on)),
        Fact(_("Present period"), period_words(found.from_on, found.to_on)),
        Fact(_("Channel"), channel_names(scheme).get(found.channel, found.channel)),
        *([Fact(_("Came by code"), found.referral_code)] if found.referral_code else []),
        *([Fact(_("Old number"), found.profile["old_number"])] if found.profile.get("old_number") else []),
    ]


@sensitive_variables()
def _contact(found: Member, *, revealed: bool) -> list[Fact]:
    number = open_sealed(found.id_number_sealed) if revealed and found.id_number_sealed else ""
    hidden = "******" if found.id_number_sealed else NOTHING
    return [
        Fact(
            _("Phone"),
            (found.phone or NOTHING) if revealed else masked(found.phone),
            copy=revealed and bool(found.phone),
        ),
        Fact(
            _("E-mail"),
            (found.email or NOTHING) if revealed else masked(found.email),
            copy=revealed and bool(found.email),
        ),
        Fact(_("ID number"), (number or NOTHING) if revealed else hidden),
    ]
