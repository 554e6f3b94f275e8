"""One referral code: QR, link, files, poster, its funnel, withdrawing it, and entrusting it to a promoter."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import codes_within_reach, may, verbs_of
from huilian.applications.promotion import revoke_code
from huilian.members.models import Member
from huilian.portals.console.words import NOTHING, day_names, period_words
from huilian.portals.drawing.charts import Series, line_chart
from huilian.portals.forms.console import RevokeCodeForm
from huilian.portals.shapes import Fact, Link, Tile
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.code_grants import entrusted_to
from huilian.portals.views.console.codes import code_state, share_words
from huilian.portals.views.console.pages import attempt, show, show_form
from kit import clock
from referrals.models import ReferralCode
from referrals.qr import qr_png, qr_svg
from referrals.queries import Funnel, funnel_by_day, funnel_of, link_of
from tenants.context import current

_CHART_DAYS = 30
_FILES = {"svg": "image/svg+xml", "png": "image/png"}


def code_within_reach(user: User, pk: UUID, verb: str = "code.see") -> ReferralCode:
    """The code, for whoever may do the verb to it; for everyone else there is none."""
    return get_object_or_404(codes_within_reach(user, verb), pk=pk)


@require_safe
@staff("code.see")
def code(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Everything to hand a code on, and what it has brought."""
    found = code_within_reach(user, pk)
    today = local_day(clock.now())
    funnel, link = funnel_of(found), link_of(found)
    owner = Member.objects.filter(pk=found.member_id).first() if found.member_id else None
    verbs = verbs_of(user)
    context = {
        "referral": found,
        "title": owner.name if owner else found.label,
        "state": code_state(found, on=today, applications=funnel.applications),
        "qr": SafeString(qr_svg(link)),  # drawn by us, from our own address
        "link": link,
        "files": [
            Link("PNG", reverse("console_code_file", args=[found.pk, "png"]), icon="down"),
            Link("SVG", reverse("console_code_file", args=[found.pk, "svg"]), icon="down"),
            Link(_("Poster"), reverse("console_code_poster", args=[found.pk]), icon="print"),
        ],
        "facts": _facts(found),
        "member": owner if "member.search" in verbs else None,
        "tiles": _tiles(found, funnel, drill="application.see" in verbs),
        "chart": _chart(found),
        "may_revoke": found.revoked_at is None and may(user, "code.revoke", found),
        "grants": entrusted_to(found) if "role.grant" in verbs and found.member_id is None else None,
        "back": Link(_("Referral codes"), reverse("console_codes")),
    }
    return show(request, user, "code.html", context)


@require_safe
@staff("code.see")
def code_file(request: HttpRequest, user: User, pk: UUID, kind: str) -> HttpResponse:
    """The QR code as a file, to print or to send on."""
    found = code_within_reach(user, pk)
    if kind not in _FILES:
        raise Http404
    link = link_of(found)
    content: str | bytes = qr_svg(link) if kind == "svg" else qr_png(link)
    response = HttpResponse(content, content_type=_FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="{found.code}.{kind}"'
    return response


@require_safe
@staff("code.see")
def poster(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """A sheet of A4 with the society's names, the QR code and the code to type."""
    found = code_within_reach(user, pk)
    owner = Member.objects.filter(pk=found.member_id).first() if found.member_id else None
    link = link_of(found)
    context = {
        "referral": found,
        "here": current(),
        "owner": owner,
        "qr": SafeString(qr_svg(link)),
        "link": link.split("://", 1)[-1],
        "back_url": reverse("console_code", args=[found.pk]),
    }
    return show(request, user, "poster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("code.revoke")
def revoke(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Withdraw a code for good, after asking once more and for the reason."""
    found = code_within_reach(user, pk, "code.revoke")
    page = reverse("console_code", args=[found.pk])
    form = RevokeCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: revoke_code(found, reason=reason, by_user=user, at=clock.now())):
            messages.success(request, _("The code is withdrawn. What came by it stays attributed."))
            return HttpResponseRedirect(page)
    return show_form(
        request,
        user,
        form,
        title=_("Withdraw this code?"),
        facts=[Fact(_("Referral code"), found.code), *([Fact(_("Campaign"), found.label)] if found.label else [])],
        warning=_("Posters and links with this code stop working at once, and it cannot be used again."),
        button=_("Withdraw the code"),
        look="bad",
        back=Link(_("Back"), page),
    )


def _facts(found: ReferralCode) -> list[Fact]:
    facts = [Fact(_("Kind"), found.get_kind_display()), Fact(_("Generated"), day(found.created_at))]
    if found.valid_from or found.valid_to:
        facts.append(Fact(_("Valid"), period_words(found.valid_from, found.valid_to)))
    facts.append(Fact(_("Most applications"), found.max_uses or _("no limit")))
    if found.revoked_at:
        facts.append(Fact(_("Withdrawn on"), day(found.revoked_at)))
        facts.append(Fact(_("Reason"), found.revoke_reason or NOTHING))
    return facts


def _tiles(found: ReferralCode, funnel: Funnel, *, drill: bool) -> list[Tile]:
    applications = f"{reverse('console_applications')}?code={found.code}" if drill else ""
    members = f"{reverse('console_members')}?code={found.code}" if drill else ""
    return [
        Tile(_("Scans"), funnel.scans),
        Tile(
            _("Applications"),
            funnel.applications,
            url=applications,
            change=gettext("%(share)s of the scans") % {"share": share_words(funnel.applications, funnel.scans)}
            if funnel.scans
            else "",
        ),
        Tile(
            _("Members"),
            funnel.members,
            url=members,
            change=gettext("%(share)s of the applications")
            % {"share": share_words(funnel.members, funnel.applications)}
            if funnel.applications
            else "",
        ),
    ]


def _chart(found: ReferralCode) -> object:
    """The last thirty days, those without anything too."""
    today = local_day(clock.now())
    first = today - timedelta(days=_CHART_DAYS - 1)
    known = {each.day: each.funnel for each in funnel_by_day(found, from_on=first, to_on=today + timedelta(days=1))}
    days = [first + timedelta(days=ahead) for ahead in range(_CHART_DAYS)]
    each_day = [known.get(on, Funnel()) for on in days]
    return line_chart(
        _("The last 30 days"),
        day_names(days),
        [
            Series(_("Scans"), [one.scans for one in each_day]),
            Series(_("Applications"), [one.applications for one in each_day]),
            Series(_("Members"), [one.members for one in each_day]),
        ],
        over=_("Day"),
    )
