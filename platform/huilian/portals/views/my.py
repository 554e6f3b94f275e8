"""One's own page: how each application stands, the member card, the code to recommend others by."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.applications.models import Application
from huilian.applications.queries import applications_of
from huilian.applications.services import withdraw_application, withdraw_draft
from huilian.journal.actors import actor_of
from huilian.members.models import Member
from huilian.members.queries import member_of_user, standing_of
from huilian.portals.access import signed_in, user_of
from huilian.portals.belonging import application_of
from huilian.portals.journey import journey_of
from huilian.portals.shapes import Link
from huilian.schemes.document import Category
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.errors import Refusal
from referrals.models import ReferralCode
from referrals.qr import qr_svg
from referrals.queries import link_of, live_code_of

_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Card:
    """A member as the card shows them."""

    member: Member
    category: Category | None
    in_standing: bool
    years: list[tuple[date, date | None]]  # first and last day
    code: ReferralCode | None
    link: str
    qr: SafeString

    @property
    def last_day(self) -> date | None:
        """The last day of the period; it is stored half-open."""
        return last_day(self.member.to_on)

    @property
    def has_lapsed(self) -> bool:
        """The period is over, and nobody ended the membership: joining again renews it under the same number."""
        over = self.member.to_on is not None and self.member.to_on <= local_day(clock.now())
        return over and self.member.state != Member.State.ENDED

    @property
    def downloads(self) -> list[Link]:
        return [
            Link(_("Save as a picture"), reverse("my_code", args=["png"]), icon="down"),
            Link(_("For printing (SVG)"), reverse("my_code", args=["svg"]), look="quiet"),
        ]


@require_safe
@signed_in
def my(request: HttpRequest, user: User) -> HttpResponse:
    """The whole of it on one page."""
    member = member_of_user(user.pk)
    card = _card(member) if member else None
    in_standing = card is None or card.in_standing
    context = {
        "card": card,
        "journeys": [journey_of(each, in_standing=in_standing) for each in applications_of(user)[:_MOST_SHOWN]],
        "needs_password": not user.has_usable_password(),
        "join_links": [Link(_("Join"), reverse("join"), look="main")],
    }
    return render(request, "huilian/my.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an application back; a draft is thrown away."""
    application, user = application_of(request, pk), user_of(request)
    if application.state == Application.State.DRAFT:
        withdraw_draft(application)
        messages.success(request, _("The draft is deleted."))
    else:
        actor = actor_of(user) if user else f"applicant {application.reference}"
        withdraw_application(application, by=actor, at=clock.now())
        messages.success(request, _("Your application is withdrawn."))
    return HttpResponseRedirect(reverse("my" if user else "home"))


def _card(member: Member) -> Card:
    code = live_code_of(member.pk)
    link = link_of(code) if code else ""
    return Card(
        member=member,
        category=_category(member.category),
        in_standing=standing_of(member, local_day(clock.now())),
        years=[(year.from_on, last_day(year.to_on)) for year in member.years.all()],
        code=code,
        link=link,
        # Drawn by ourselves from our own address: nothing in it was typed by anyone.
        qr=mark_safe(qr_svg(link)) if link else SafeString(""),  # noqa: S308
    )


def last_day(to_on: date | None) -> date | None:
    """The last day within a half-open period."""
    return to_on - timedelta(days=1) if to_on else None


def _category(code: str) -> Category | None:
    try:
        return current_scheme().category(code)
    except Refusal:
        return None  # a class of an older version of the scheme
