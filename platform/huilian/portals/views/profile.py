"""One's own account: what is known of oneself, and the password."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huilian.accounts.models import User
from huilian.accounts.services import change_password, set_password
from huilian.accounts.sessions import address_of, open_session
from huilian.applications.answers import SEALED_FIELD
from huilian.applications.papers import papers_of
from huilian.applications.rules import consent_version, consents_asked
from huilian.applications.services.completing import application_of, complete_profile, known_answers
from huilian.journal.actors import actor_of
from huilian.members.models import Member
from huilian.members.queries import consents_of, member_of_user
from huilian.members.services import record_consents, withdraw_consent
from huilian.portals.access import signed_in
from huilian.portals.completion import completion_of
from huilian.portals.forms.profile import ProfileForm
from huilian.portals.forms.signing_in import ChangePasswordForm, NewPasswordForm
from huilian.portals.refusals import show_on_form, show_problems
from huilian.portals.shapes import Fact
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.contact import mask_email, mask_phone
from kit.errors import Refusal
from kit.identity import mask_identity


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest, user: User) -> HttpResponse:
    """What is known of a member, to look at and to complete."""
    member = member_of_user(user.pk)
    if member is None:
        return HttpResponseRedirect(reverse("my"))
    scheme = current_scheme()
    category = scheme.category(member.category)
    application = application_of(member)
    papers = papers_of(application) if application else []
    form = ProfileForm(
        scheme,
        category,
        answers=known_answers(member),
        handed_in=[paper.code for paper in papers],
        data=request.POST if request.method == "POST" else None,
        files=request.FILES if request.method == "POST" else None,
    )
    if form.is_bound:
        try:
            complete_profile(member, answers=form.given(), papers=form.papers(), by=actor_of(user), at=clock.now())
        except Refusal as refusal:
            show_problems(form, refusal)
        else:
            messages.success(request, _("Your data is up to date."))
            return HttpResponseRedirect(reverse("my_profile"))
    context = {"form": form, "facts": _facts(member), "papers": papers, "consents": _consents(member)}
    context["completion"] = completion_of(member, category, papers=[paper.code for paper in papers])
    return render(request, "huilian/profile.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def consent(request: HttpRequest, user: User, purpose: str) -> HttpResponse:
    """Withdraw a consent, or give it again: as easily as it was given."""
    member = member_of_user(user.pk)
    if member is None or purpose not in {asked.purpose for asked in consents_asked()}:
        raise Http404
    if request.POST.get("given") == "yes":
        record_consents(member.pk, [(purpose, consent_version(current_scheme()))], at=clock.now())
    else:
        withdraw_consent(member.pk, purpose, at=clock.now())
    messages.success(request, _("What you decided is recorded."))
    return HttpResponseRedirect(reverse("my_profile"))


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A purpose that a member was asked about, and the last decision."""

    purpose: str
    text: str
    given: bool
    at: datetime | None


def _consents(member: Member) -> list[ConsentGiven]:
    decided = consents_of(member.pk)
    return [
        ConsentGiven(
            asked.purpose,
            str(asked.text),
            given=asked.purpose in decided and decided[asked.purpose].given,
            at=decided[asked.purpose].at if asked.purpose in decided else None,
        )
        for asked in consents_asked()
    ]


def _facts(member: Member) -> list[Fact]:
    """What only staff may change, or a code; the identity number stays masked even to its owner's shoulder."""
    number = known_answers(member).get(SEALED_FIELD)
    facts = [
        Fact(_("Name"), member.name),
        Fact(_("Member number"), member.number, copy=True),
        Fact(_("Mobile number"), mask_phone(member.phone).removeprefix("+86") if member.phone else ""),
        Fact(_("E-mail"), mask_email(member.email) if member.email else ""),
        Fact(_("Identity document"), mask_identity(str(number)) if number else ""),
    ]
    return [fact for fact in facts if fact.value]


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest, user: User) -> HttpResponse:
    """Set a first password, or change the one there is; other browsers are signed out by it."""
    has_one = user.has_usable_password()
    kind = ChangePasswordForm if has_one else NewPasswordForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        try:
            if has_one:
                change_password(user, old=given["old"], new=given["password"], address=address_of(request), at=now)
            else:
                set_password(user, given["password"], at=now)
        except Refusal as refusal:
            show_on_form(form, refusal)
        else:
            user.refresh_from_db()
            open_session(request, user)
            messages.success(request, _("Your new password is set."))
            return HttpResponseRedirect(reverse("my"))
    context = {"form": form, "has_one": has_one}
    return render(request, "huilian/password.html", context, status=422 if form.is_bound else 200)
