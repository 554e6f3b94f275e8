"""A referral code, scanned or typed: it fixes the channel, and only the category is left to choose."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huilian.accounts.queries import local_day
from huilian.applications.channels import ApplyTicket, apply_url, choice_of_code, open_ticket_for
from huilian.members.recommending import recommender_with_code
from huilian.portals.forms.joining import CodeForm
from huilian.portals.offer import Offer, offer_of
from huilian.portals.refusals import show_on_form
from huilian.schemes.document import Category, Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.codes import parse_code
from kit.errors import Refusal
from referrals.facts import Recommender
from referrals.models import ReferralCode
from referrals.queries import find_code
from referrals.rules import check_code
from referrals.services import count_scan
from tenants.context import current, society_numbered, url_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A category as this code offers it: a link to the form, or the rule that stands against it."""

    offer: Offer
    url: str
    refusal: Refusal | None


@never_cache
@require_safe
def typed_code(request: HttpRequest) -> HttpResponse:
    """Take a code that somebody typed to the page that its QR code leads to."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        try:
            code = parse_code(form.cleaned_data["code"]).canonical
        except Refusal as refusal:
            show_on_form(form, refusal)
        else:
            query = urlencode({"category": form.cleaned_data["category"]} if form.cleaned_data["category"] else {})
            path = reverse("referral_code", args=[code])
            return HttpResponseRedirect(f"{path}?{query}" if query else path)
    return render(request, "huilian/code.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def referral_code(request: HttpRequest, text: str) -> HttpResponse:
    """Show for what the code is good; a code of another society leads there."""
    try:
        parsed = parse_code(text)
        if parsed.society_number != current().number:
            path = reverse("referral_code", args=[parsed.canonical])
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponseRedirect(url_of(society_numbered(parsed.society_number), path) + query)
        code = _own_code(parsed.canonical)
        return _use(request, code)
    except Refusal as refusal:
        form = CodeForm({"code": text})
        form.is_valid()
        show_on_form(form, refusal, otherwise="code")
        return render(request, "huilian/code.html", {"form": form}, status=refusal.status)


def _own_code(canonical: str) -> ReferralCode:
    code = find_code(canonical)
    if code is None:
        raise Refusal(
            "code_unknown",
            _("This society has no such referral code. Compare it with the original, or choose the channel yourself."),
            field="code",
            status=404,
        )
    check_code(code, on=local_day(clock.now()))
    return code


def _use(request: HttpRequest, code: ReferralCode) -> HttpResponse:
    scheme = current_scheme()
    recommender = recommender_with_code(code.member_id, scheme) if code.member_id else None
    wish = request.GET.get("category", "")
    if wish:
        return HttpResponseRedirect(apply_url(_ticket(scheme, wish, code, recommender), at=clock.now()))
    if request.method == "GET":
        count_scan(code, clock.now())
    context = {
        "scheme": scheme,
        "code": code,
        "recommender": recommender,
        "choices": [_choice(scheme, category, code, recommender) for category in scheme.open_categories()],
    }
    return render(request, "huilian/code_categories.html", context)


def _choice(scheme: Scheme, category: Category, code: ReferralCode, recommender: Recommender | None) -> Choice:
    offer = offer_of(scheme, category, on=local_day(clock.now()))
    url = f"{reverse('referral_code', args=[code.code])}?{urlencode({'category': category.code})}"
    try:
        _ticket(scheme, category.code, code, recommender)
    except Refusal as refusal:
        return Choice(offer, url, refusal)
    return Choice(offer, url, None)


def _ticket(scheme: Scheme, category: str, code: ReferralCode, recommender: Recommender | None) -> ApplyTicket:
    return open_ticket_for(
        scheme,
        choice_of_code(code),
        category=category,
        recommender=recommender,
        on=local_day(clock.now()),
    )
