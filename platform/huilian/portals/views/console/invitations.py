"""Inviting somebody to an office, and taking an invitation back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from huilian.accounts.models import Invitation, User
from huilian.accounts.services import invite, revoke_invitation
from huilian.journal.actors import actor_of
from huilian.portals.forms.console import InviteForm
from huilian.portals.shapes import Link
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, attempt, show_form
from kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
@staff("role.grant")
def new_invitation(request: HttpRequest, user: User) -> HttpResponse:
    """Offer an office by a link that works once and for seven days."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.cleaned_data
        made = attempt(
            form,
            lambda: invite(
                wish["role"],
                name=wish["name"],
                phone=wish["phone"],
                email=wish["email"],
                by=actor_of(user),
                at=clock.now(),
                by_user=user,
                language=get_language() or "zh-hans",
            ),
        )
        if made is not None:
            messages.success(request, _("The invitation is on its way. It can be taken up for seven days."))
            return HttpResponseRedirect(reverse("console_roles"))
    return show_form(
        request,
        user,
        form,
        title=_("Invite somebody"),
        lead=_("The person gets a link, sets a password (or uses the one they have), and begins."),
        button=_("Send the invitation"),
        back=Link(_("Staff and roles"), reverse("console_roles")),
    )


@require_POST
@staff("role.grant")
def withdraw_invitation(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Make an invitation's link worthless."""
    found = get_object_or_404(Invitation, pk=pk)
    return act_and_return(
        request,
        lambda: revoke_invitation(found, by=actor_of(user), at=clock.now(), by_user=user),
        done=_("The invitation is withdrawn."),
        to=reverse("console_roles"),
    )
