"""Staff and their offices: who holds which since when, granting and ending, inviting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huilian.accounts.contacts import read_contact
from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.queries import local_day, open_invitations, staff_grants, user_of_contact
from huilian.accounts.services import end_role, grant_role
from huilian.journal.actors import actor_of
from huilian.portals.console.words import NOTHING, heard, last_day
from huilian.portals.forms.console import GrantForm, OptionalReasonForm
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import attempt, page_of, show_form, show_list
from kit import clock
from kit.errors import Refusal


@require_safe
@staff("role.grant")
def roles(request: HttpRequest, user: User) -> HttpResponse:
    """Who holds which office, and who was invited to one."""
    at = clock.now()
    page = page_of(request, staff_grants(on=local_day(at)))
    rows = [
        Row(
            [
                grant.user.name,
                Role(grant.role).label,
                day(grant.from_on),
                last_day(grant.to_on),
                grant.granted_by.name if grant.granted_by else NOTHING,
                _ending(grant),
            ]
        )
        for grant in page
    ]
    return show_list(
        request,
        user,
        title=_("Staff and roles"),
        lead=_("Offices are dated: one that ends stays on record."),
        columns=[
            Column(_("Name")),
            Column(_("Role")),
            Column(_("From")),
            Column(_("Until")),
            Column(_("Granted by")),
            Column(_("Actions")),
        ],
        rows=rows,
        page=page,
        actions=[
            Link(_("Invite somebody"), reverse("console_invite"), look="main"),
            Link(_("Grant an office"), reverse("console_role_grant")),
        ],
        template="roles.html",
        invitations=[(each, Role(each.role).label) for each in open_invitations(at=at)[:50]],
        empty_title=_("Nobody holds an office"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("role.grant")
def grant(request: HttpRequest, user: User) -> HttpResponse:
    """Appoint somebody who has an account here."""
    form = GrantForm(request.POST if request.method == "POST" else None)
    granted = attempt(form, lambda: _grant(form, user)) if form.is_valid() else None
    if granted is not None:
        messages.success(request, _("The office is granted."))
        return HttpResponseRedirect(reverse("console_roles"))
    return show_form(
        request,
        user,
        form,
        title=_("Grant an office"),
        lead=_("To somebody who signs in to this society already. Everybody else is invited."),
        button=_("Grant the office"),
        back=Link(_("Staff and roles"), reverse("console_roles")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("role.grant")
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """End an office today, after asking once more."""
    found = get_object_or_404(RoleGrant.objects.select_related("user"), pk=pk)
    back = reverse("console_roles")
    form = OptionalReasonForm(request.POST if request.method == "POST" else None)

    def act() -> bool:
        reason = form.cleaned_data["reason"]
        end_role(found, by=actor_of(user), at=clock.now(), by_user=user, reason=reason)
        return True

    if form.is_valid() and attempt(form, act):
        messages.success(request, _("The office has ended."))
        return HttpResponseRedirect(back)
    return show_form(
        request,
        user,
        form,
        title=_("End this office today?"),
        facts=[Fact(_("Name"), found.user.name), Fact(_("Role"), Role(found.role).label)],
        warning=_("From now on this person can do no more of what the office allows."),
        button=_("End the office"),
        look="bad",
        back=Link(_("Staff and roles"), back),
    )


def _ending(grant: RoleGrant) -> SafeString:
    url = reverse("console_role_end", args=[grant.pk])
    return format_html('<a href="{}">{}{}</a>', url, _("End…"), heard(grant.user.name))


def _grant(form: GrantForm, user: User) -> RoleGrant:
    wish = form.cleaned_data
    holder = user_of_contact(read_contact(wish["contact"]))
    if holder is None:
        raise Refusal(
            "account_unknown",
            _("Nobody signs in here with this phone or e-mail. Invite the person instead."),
            field="contact",
        )
    return grant_role(
        holder,
        wish["role"],
        by=actor_of(user),
        at=clock.now(),
        by_user=user,
        from_on=wish["from_on"],
        to_on=wish["last_day"],
        reason=wish["reason"],
    )
