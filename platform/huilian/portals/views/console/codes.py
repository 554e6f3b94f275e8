"""The society's referral codes: campaigns side by side, and minting another."""

from datetime import date

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import codes_within_reach, verbs_of
from huilian.applications.promotion import mint_campaign_code
from huilian.portals.console.words import NOTHING, period_words
from huilian.portals.forms.console import MintCodeForm
from huilian.portals.forms.console_filters import CodeFilter
from huilian.portals.shapes import Column, Link, Row
from huilian.portals.templatetags.huilian_tags import badge
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import attempt, page_of, show_form, show_list
from kit import clock
from referrals.models import ReferralCode
from referrals.queries import campaigns

NO_CODE_YET = _("Codes that are entrusted to you appear here.")  # to promoters


def code_state(code: ReferralCode, *, on: date, applications: int = 0) -> SafeString:
    """Whether a code can be used on a day, in words and colour."""
    if code.revoked_at is not None:
        return badge("revoked", label=gettext("withdrawn"))
    if code.valid_to is not None and code.valid_to <= on:
        return badge("expired", label=gettext("over"))
    if code.max_uses is not None and applications >= code.max_uses:
        return badge("closed", label=gettext("used up"))
    if code.valid_from is not None and code.valid_from > on:
        return badge("pending", label=gettext("not yet valid"))
    return badge("valid", label=gettext("in use"))


def share_words(part: int, whole: int) -> str:
    """A part of a whole in per cent; nothing of nothing is unknown."""
    return f"{100 * part / whole:.0f}%" if whole else NOTHING


@require_safe
@staff("code.see")
def codes(request: HttpRequest, user: User) -> HttpResponse:
    """Campaigns with how many looked, applied and joined by each; a promoter sees those entrusted to them."""
    today = local_day(clock.now())
    form = CodeFilter(request.GET)
    page = page_of(request, _found(form, campaigns(codes_within_reach(user)), on=today))
    may_mint = "code.mint" in verbs_of(user)
    new = [Link(_("New referral code"), reverse("console_code_new"), look="main", icon="qr")] if may_mint else []
    return show_list(
        request,
        user,
        title=_("Referral codes"),
        lead=_("The society's own codes. A member's code is found with the member."),
        columns=[
            Column(_("Campaign")),
            Column(_("Referral code")),
            Column(_("State")),
            Column(_("Valid")),
            Column(_("Scans"), numeric=True),
            Column(_("Applications"), numeric=True),
            Column(_("Members"), numeric=True),
            Column(_("Members per scan"), numeric=True),
        ],
        rows=[_row(code, on=today) for code in page],
        page=page,
        filters=form,
        actions=new,
        empty_title=_("No referral code found") if request.GET else _("No referral codes yet"),
        empty_text=""
        if request.GET
        else _("A code carries your society's name into every application that it brings.")
        if "member.search" in verbs_of(user)
        else NO_CODE_YET,
        empty_actions=new,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("code.mint")
def new_code(request: HttpRequest, user: User) -> HttpResponse:
    """Mint a code of the society for one campaign."""
    form = MintCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.cleaned_data
        code = attempt(
            form,
            lambda: mint_campaign_code(
                label=wish["label"],
                valid_from=wish["valid_from"],
                valid_to=wish["last_day"],
                max_uses=wish["max_uses"],
                by_user=user,
                at=clock.now(),
            ),
            otherwise="last_day",
        )
        if code is not None:
            messages.success(request, _("The referral code is ready."))
            return HttpResponseRedirect(reverse("console_code", args=[code.pk]))
    return show_form(
        request,
        user,
        form,
        title=_("New referral code"),
        lead=_("One code per campaign shows afterwards which of them brought members."),
        button=_("Generate referral code"),
        back=Link(_("Referral codes"), reverse("console_codes")),
    )


def _found(form: CodeFilter, found: QuerySet[ReferralCode], *, on: date) -> QuerySet[ReferralCode]:
    if text := form.chosen("text"):
        found = found.filter(Q(label__icontains=text) | Q(code__icontains=text))
    if state := form.chosen("over"):
        over = Q(revoked_at__isnull=False) | Q(valid_to__lte=on)
        found = found.filter(over) if state == "over" else found.exclude(over)
    return found


def _row(code: ReferralCode, *, on: date) -> Row:
    scans, applications, joined = (getattr(code, name) for name in ("scans", "applications", "members"))
    limit = ngettext("%(most)s application", "%(most)s applications", code.max_uses or 0) % {"most": code.max_uses}
    valid = period_words(code.valid_from, code.valid_to)
    cells = [
        code.label,
        format_html('<span class="mono">{}</span>', code.code),
        code_state(code, on=on, applications=applications),
        format_html("<span>{} · {}</span>", valid, limit) if code.max_uses else valid,
        scans,
        applications,
        joined,
        share_words(joined, scans),
    ]
    return Row(cells, reverse("console_code", args=[code.pk]))
