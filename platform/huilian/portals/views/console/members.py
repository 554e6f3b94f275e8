"""The society's members: found by name, pinyin, number, phone or e-mail, each one click from a referral code."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.accounts.rules import verbs_of
from huilian.members.models import Member
from huilian.members.queries import MemberFilters, search_members
from huilian.portals.console.saved_filters import kept_filters
from huilian.portals.console.words import MEMBER_STATES, category_names, channel_names, last_day, said_state
from huilian.portals.forms.console_filters import MemberFilter
from huilian.portals.refusals import show_on_form
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, post_button, show_list
from huilian.schemes.queries import current_scheme
from kit.errors import Refusal
from referrals.models import ReferralCode

_NARROWING = ("kind", "category", "state", "channel")


def found_members(form: MemberFilter) -> QuerySet[Member]:
    """The members that a filter asks for; what cannot be read is shown on the form and finds nobody."""
    chosen: dict[str, Any] = {name: form.chosen(name) for name in _NARROWING}
    narrowed = MemberFilters(**chosen, referral_code=form.chosen("code"))
    try:
        return search_members(form.chosen("text"), narrowed)
    except Refusal as refusal:
        show_on_form(form, refusal, otherwise="text")
        return Member.objects.none()


@require_safe
@staff("member.search")
def members(request: HttpRequest, user: User) -> HttpResponse:
    """Search, and go on to a member or straight to the member's referral code."""
    scheme, verbs = current_scheme(), verbs_of(user)
    form = MemberFilter(request.GET, scheme)
    page = page_of(request, found_members(form))
    codes = _live_codes(page.object_list) if "code.see" in verbs else {}
    categories, channels = category_names(scheme), channel_names(scheme)
    columns = [
        Column(_("Name")),
        Column(_("Number")),
        Column(_("Category")),
        Column(_("State")),
        Column(_("Until")),
        Column(_("Channel")),
    ]
    rows = []
    for member in page:
        cells: list[object] = [
            member.name,
            format_html('<span class="mono">{}</span>', member.number),
            categories.get(member.category, member.category),
            said_state(MEMBER_STATES, member.state),
            last_day(member.to_on),
            channels.get(member.channel, member.channel),
        ]
        if "code.see" in verbs:
            cells.append(_code_cell(request, member, codes.get(member.pk), may_mint="code.mint" in verbs))
        rows.append(Row(cells, reverse("console_member", args=[member.pk])))
    if "code.see" in verbs:
        columns.append(Column(_("Referral code")))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    export = [
        Link(_("Export as Excel"), reverse("console_members_export_xlsx") + query, icon="down"),
        Link(_("Export as CSV"), reverse("console_members_export") + query, icon="down"),
    ]
    if "member.reveal" in verbs:
        export.append(Link(_("With contact data…"), reverse("console_members_export_contacts") + query))
    return show_list(
        request,
        user,
        title=_("Members"),
        columns=columns,
        rows=rows,
        page=page,
        filters=form,
        actions=[
            *(export if "member.export" in verbs else []),
            *([Link(_("From a list…"), reverse("console_imports"), icon="up")] if "member.import" in verbs else []),
        ],
        template="list_kept.html",
        **kept_filters(request, user, "members", form),
        empty_title=_("No member found") if request.GET else _("No members yet"),
        empty_text=_("Try a part of the name, its pinyin (lisi or ls), or the whole phone number.")
        if request.GET
        else _("Whoever completes the route of a category appears here."),
    )


def _live_codes(members: Iterable[Member]) -> dict[object, ReferralCode]:
    found = ReferralCode.objects.filter(member_id__in=[member.pk for member in members], revoked_at=None)
    return {code.member_id: code for code in found}


def _code_cell(request: HttpRequest, member: Member, code: ReferralCode | None, *, may_mint: bool) -> SafeString | str:
    """The member's code, or the button that generates one: the second of two clicks."""
    if code is not None:
        url = reverse("console_code", args=[code.pk])
        return format_html('<a class="mono" href="{}">{}</a>', url, code.code)
    if not may_mint or member.state == MEMBER_STATES.ENDED:
        return ""
    mint = reverse("console_member_code", args=[member.pk])
    return post_button(request, mint, label=_("Generate referral code"), about=member.name)
