"""Entrusting one code to a promoter, who then sees and may withdraw this one and no other."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from guardian.shortcuts import get_users_with_perms

from huilian.accounts.models import Role, User
from huilian.accounts.queries import local_day, users_with_role
from huilian.accounts.rules import MANAGE_CODE
from huilian.accounts.services import entrust_code, withdraw_code
from huilian.journal.actors import actor_of
from huilian.portals.forms.console import PromoterForm
from huilian.portals.shapes import Fact, Link
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, attempt, show_form
from kit import clock
from referrals.models import ReferralCode


def entrusted_to(code: ReferralCode) -> QuerySet[User]:
    """The promoters to whom a code is entrusted, by name."""
    found = get_users_with_perms(code, only_with_perms_in=[MANAGE_CODE], with_group_users=False, with_superusers=False)
    return cast("QuerySet[User]", found).order_by("name", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
@staff("role.grant")
def entrust(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Choose the promoter who is to look after this code."""
    code = get_object_or_404(ReferralCode, pk=pk, member_id=None)
    page = reverse("console_code", args=[code.pk])
    promoters = users_with_role(Role.PROMOTER, on=local_day(clock.now()))
    form = PromoterForm(request.POST if request.method == "POST" else None, promoters)
    if form.is_valid():
        chosen: User = form.cleaned_data["user"]

        def act() -> bool:
            entrust_code(chosen, code, by=actor_of(user), at=clock.now(), by_user=user)
            return True

        if attempt(form, act):
            return HttpResponseRedirect(page)
    return show_form(
        request,
        user,
        form,
        title=_("Entrust this code"),
        lead=_("A promoter sees the codes entrusted to them and nothing else of the society's."),
        facts=[Fact(_("Referral code"), code.code), Fact(_("Campaign"), code.label)],
        button=_("Entrust the code"),
        back=Link(_("Back"), page),
        template="entrust.html",
        promoters=promoters,
    )


@require_POST
@staff("role.grant")
def take_back(request: HttpRequest, user: User, pk: UUID, user_id: int) -> HttpResponse:
    """Take a code out of a promoter's hands again."""
    code = get_object_or_404(ReferralCode, pk=pk)
    promoter = get_object_or_404(entrusted_to(code), pk=user_id)
    return act_and_return(
        request,
        lambda: withdraw_code(promoter, code, by=actor_of(user), at=clock.now(), by_user=user),
        done=_("The code is no longer entrusted to this promoter."),
        to=reverse("console_code", args=[code.pk]),
    )
