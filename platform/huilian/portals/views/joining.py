"""Choosing: the category first, then the one channel, then straight on to the society's form."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huilian.accounts.queries import local_day
from huilian.applications.channels import apply_url, channel_of, check_category, open_ticket_for
from huilian.portals.belonging import begun_here
from huilian.portals.forms.joining import CodeForm, InstitutionForm, RecommenderForm
from huilian.portals.offer import granted_categories, offer_of, offers_of
from huilian.portals.recommending import recommender_on_roll
from huilian.portals.refusals import show_on_form
from huilian.portals.societies import SocietyChoice, open_societies
from huilian.schemes.document import Category, Channel, Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.errors import Refusal
from referrals.facts import ChannelChoice, Recommender
from tenants.context import current, headquarters, law, url_of
from tenants.kinds import BRANCH, PROVINCE

_LISTED = {"branch": BRANCH, "province": PROVINCE}
_NAMED: dict[str, type[RecommenderForm]] = {"member": RecommenderForm, "institution": InstitutionForm}


@dataclass(frozen=True, slots=True)
class Door:
    """A channel as the page shows it: a list of societies, a small form, or a plain link."""

    channel: Channel
    societies: list[SocietyChoice]
    form: Form | None
    is_open: bool  # shown unfolded: chosen before


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Lead to the form in as few steps as the rules allow: at headquarters two, at a society one."""
    scheme = current_scheme()
    wish = {**request.GET.dict(), **request.POST.dict()}
    if not wish.get("category"):
        return _choose_category(request, scheme)
    category = check_category(scheme, str(wish["category"]))
    if law().aggregates:
        return _choose_channel(request, scheme, category, wish)
    here = ChannelChoice(channel=channel_of(current()), society=current().number)
    return _to_the_form(scheme, category, here)


def _choose_category(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    context = {
        "scheme": scheme,
        "offers": offers_of(scheme, on=local_day(clock.now())),
        "granted": granted_categories(scheme),
        "code_form": CodeForm(),
        "at_headquarters": law().aggregates,
        "asks_channel": law().aggregates and not _only_door(scheme),
        "headquarters_join": url_of(headquarters(), "/join/"),
        "begun": begun_here(request),
    }
    return render(request, "huilian/join_category.html", context)


def _choose_channel(request: HttpRequest, scheme: Scheme, category: Category, wish: dict[str, Any]) -> HttpResponse:
    chosen, refusal = str(wish.get("channel", "")) or _only_door(scheme), None
    form = _form_of(chosen, request.POST if request.method == "POST" else None)
    try:
        if form is not None and form.is_valid():
            return _by_recommender(scheme, category, chosen, form.cleaned_data)
        if form is None and chosen and ("society" in wish or chosen not in _LISTED):
            choice = ChannelChoice(channel=chosen, society=str(wish.get("society", "")))
            return _to_the_form(scheme, category, choice)
    except Refusal as problem:
        refusal = problem
        if form is not None:
            show_on_form(form, problem)
    context = {
        "scheme": scheme,
        "offer": offer_of(scheme, category, on=local_day(clock.now())),
        "doors": [_door(channel, chosen, form) for channel in scheme.channels],
        "refusal": refusal if form is None else None,
        "code_form": CodeForm(initial={"category": category.code}),
    }
    wrong = form is not None and form.is_bound
    status = refusal.status if refusal else 422 if wrong else 200
    return render(request, "huilian/join_channel.html", context, status=status)


def _by_recommender(scheme: Scheme, category: Category, channel: str, named: dict[str, Any]) -> HttpResponse:
    choice = ChannelChoice(
        channel=channel,
        recommender_number=unicodedata.normalize("NFKC", named["recommender_number"]).strip(),
        recommender_name=named["recommender_name"],
    )
    return _to_the_form(scheme, category, choice, recommender_on_roll(choice, scheme))


def _to_the_form(
    scheme: Scheme, category: Category, choice: ChannelChoice, recommender: Recommender | None = None
) -> HttpResponse:
    now = clock.now()
    ticket = open_ticket_for(scheme, choice, category=category.code, recommender=recommender, on=local_day(now))
    return HttpResponseRedirect(apply_url(ticket, at=now))


def _only_door(scheme: Scheme) -> str:
    """The channel of a scheme that has no other, and asks nothing of who comes by it: there is nothing to choose."""
    kinds = [channel.kind for channel in scheme.channels]
    return kinds[0] if len(kinds) == 1 and kinds[0] not in {*_LISTED, *_NAMED} else ""


def _form_of(channel: str, data: Any = None) -> RecommenderForm | None:
    form = _NAMED.get(channel)
    return form(data, auto_id=f"{channel}_%s") if form else None


def _door(channel: Channel, chosen: str, bound: RecommenderForm | None) -> Door:
    form = bound if bound is not None and chosen == channel.kind else _form_of(channel.kind)
    kind = _LISTED.get(channel.kind)
    return Door(
        channel=channel,
        societies=open_societies(kind) if kind else [],
        form=form,
        is_open=chosen == channel.kind,
    )
