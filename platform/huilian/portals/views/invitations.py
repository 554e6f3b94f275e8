"""Taking up an invitation to an office: by a secret link, once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huilian.accounts.models import Role
from huilian.accounts.queries import open_invitation
from huilian.accounts.services import accept_invitation
from huilian.accounts.sessions import address_of, open_session
from huilian.portals.forms.signing_in import InvitedForm, NewPasswordForm
from huilian.portals.menu import CONSOLE_URL
from huilian.portals.refusals import show_on_form
from kit import clock
from kit.errors import Refusal


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Set a password, or prove oneself by the one that the account has, and begin."""
    found = open_invitation(secret, at=clock.now())
    if found is None:
        raise Refusal(
            "invitation_invalid", _("This invitation is not valid any more. Please ask for a new one."), status=404
        )
    kind = InvitedForm if found.account else NewPasswordForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = accept_invitation(
                secret,
                password=form.cleaned_data["password"],
                at=clock.now(),
                address=address_of(request),
                language=get_language() or "zh-hans",
            )
        except Refusal as refusal:
            if refusal.code == "invitation_invalid":
                raise
            show_on_form(form, refusal, otherwise="password")
        else:
            open_session(request, user)
            messages.success(request, _("Welcome. Your office is yours from today on."))
            return HttpResponseRedirect(CONSOLE_URL)
    invitation = found.invitation
    context = {
        "form": form,
        "invitation": invitation,
        "role": Role(invitation.role).label,
        "account": found.account,
    }
    return render(request, "huilian/invitation.html", context, status=422 if form.is_bound else 200)
