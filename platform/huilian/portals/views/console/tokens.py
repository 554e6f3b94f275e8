"""Tokens by which programs act for a member of staff: what they may do, until when, and ending them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huilian.accounts.models import ApiToken, User
from huilian.accounts.queries import live_tokens
from huilian.accounts.rules import scopes_of
from huilian.accounts.scopes import SCOPES
from huilian.accounts.services import mint_token, revoke_token
from huilian.journal.actors import actor_of
from huilian.portals.console.words import NOTHING, listed
from huilian.portals.forms.console import TokenForm
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import day, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import (
    act_and_return,
    attempt,
    page_of,
    post_button,
    show,
    show_form,
    show_list,
)
from kit import clock
from tenants.context import current


@require_safe
@staff("token.mint")
def tokens(request: HttpRequest, user: User) -> HttpResponse:
    """Every token that works, newest first; its text is shown once only, when it is made."""
    page = page_of(request, live_tokens(at=clock.now()))
    new = [Link(_("New token"), reverse("console_token_new"), look="main")]
    return show_list(
        request,
        user,
        title=_("API tokens"),
        lead=_("A token lets a program do what its scopes name, as far as its user may; never longer than a year."),
        columns=[
            Column(_("Purpose")),
            Column(_("User")),
            Column(_("Scopes")),
            Column(_("Last used")),
            Column(_("Ends")),
            Column(_("Actions")),
        ],
        rows=[_row(request, token) for token in page],
        page=page,
        actions=[*new, Link(_("API documentation"), "/api/v1/docs/")],
        empty_title=_("No program has a token"),
        empty_actions=new,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("token.mint")
@sensitive_variables("made")
def new_token(request: HttpRequest, user: User) -> HttpResponse:
    """Make a token for oneself; the page that follows is the only one that ever shows it."""
    offered = [(name, SCOPES[name].label) for name in scopes_of(user)]
    form = TokenForm(request.POST if request.method == "POST" else None, offered)
    if form.is_valid():
        wish, at = form.cleaned_data, clock.now()
        zone = ZoneInfo(current().time_zone)
        made = attempt(
            form,
            lambda: mint_token(
                user,
                label=wish["label"],
                scopes=wish["scopes"],
                expires_at=datetime.combine(wish["last_day"], time(), zone),
                by=actor_of(user),
                at=at,
                by_user=user,
            ),
            otherwise="last_day",
        )
        if made is not None:
            token, secret = made
            facts = [Fact(_("Token"), secret, copy=True), Fact(_("Purpose"), token.label)]
            back = Link(_("API tokens"), reverse("console_tokens"))
            return show(request, user, "token.html", {"facts": facts, "back": back})
    return show_form(
        request,
        user,
        form,
        title=_("New token"),
        lead=_("It acts for you: what you may no longer do, the token may not either."),
        button=_("Make the token"),
        back=Link(_("API tokens"), reverse("console_tokens")),
    )


@require_POST
@staff("token.mint")
def end_token(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Make a token worthless from this moment on."""
    found = get_object_or_404(ApiToken, pk=pk)
    return act_and_return(
        request,
        lambda: revoke_token(found, by=actor_of(user), at=clock.now(), by_user=user),
        done=_("The token works no more."),
        to=reverse("console_tokens"),
    )


def _row(request: HttpRequest, token: ApiToken) -> Row:
    end = reverse("console_token_end", args=[token.pk])
    return Row(
        [
            token.label,
            token.user.name,
            listed([str(SCOPES[name].label) for name in token.scopes if name in SCOPES]),
            moment(token.last_used_at) or NOTHING,
            day(token.expires_at - timedelta(seconds=1)),
            post_button(request, end, label=_("End the token"), about=token.label),
        ]
    )
