"""Resolutions of the council and the congress, and the honorary members they make."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from federation.ledger.models import Resolution
from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.applications.deciding import record_resolution
from huilian.journal.actors import actor_of
from huilian.members.models import EntitlementYear, Member
from huilian.members.services import grant_honorary
from huilian.portals.console.words import actor_name, category_names, period_words
from huilian.portals.forms.console_headquarters import HonoraryForm, ResolutionForm
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import day, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import attempt, page_of, show, show_form, show_list
from huilian.schemes.document import BY_RESOLUTION
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.errors import Refusal


@require_safe
@staff("resolution.record")
def resolutions(request: HttpRequest, user: User) -> HttpResponse:
    """Every resolution on record, the latest first."""
    page = page_of(request, Resolution.objects.order_by("-resolved_on", "-pk"))
    new = [Link(_("Record a resolution"), reverse("console_resolution_new"), look="main")]
    return show_list(
        request,
        user,
        title=_("Resolutions"),
        lead=_("Dues, honorary members and whatever else rests on a decision of the council or the congress."),
        columns=[Column(_("Resolution number")), Column(_("Subject")), Column(_("Meeting")), Column(_("Date"))],
        rows=[
            Row(
                [each.number, each.subject, each.meeting, day(each.resolved_on)],
                reverse("console_resolution", args=[each.pk]),
            )
            for each in page
        ],
        page=page,
        actions=new,
        empty_title=_("No resolution is on record yet"),
        empty_actions=new,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("resolution.record")
def new_resolution(request: HttpRequest, user: User) -> HttpResponse:
    """Record a resolution; it is appended and never changed."""
    form = ResolutionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = attempt(form, lambda: record_resolution(**form.cleaned_data, by_user=user, at=clock.now()))
        if done is not None:
            messages.success(request, gettext("The resolution is on record."))
            return HttpResponseRedirect(reverse("console_resolution", args=[done.pk]))
    return show_form(
        request,
        user,
        form,
        title=_("Record a resolution"),
        warning=_("A resolution on record is never changed. Compare number and text before you record it."),
        button=_("Record the resolution"),
        back=Link(_("Resolutions"), reverse("console_resolutions")),
    )


@require_safe
@staff("resolution.record")
def resolution(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One resolution, and whom it made honorary members."""
    found = get_object_or_404(Resolution, pk=pk)
    years = (
        EntitlementYear.objects.filter(resolution=found.number)
        .select_related("member")
        .order_by("member__number", "from_on")
    )
    names = category_names(current_scheme())
    honoured: dict[object, list[EntitlementYear]] = {}
    for year in years[:500]:
        honoured.setdefault(year.member_id, []).append(year)
    context = {
        "resolution": found,
        "facts": [
            Fact(_("Resolution number"), found.number),
            Fact(_("Meeting"), found.meeting),
            Fact(_("Date"), day(found.resolved_on)),
            Fact(_("Text"), linebreaksbr(found.text)),
            Fact(_("Recorded by"), actor_name(found.recorded_by)),
            Fact(_("Recorded"), moment(found.recorded_at)),
        ],
        "columns": [Column(_("Name")), Column(_("Number")), Column(_("Category")), Column(_("Period"))],
        "rows": [_honoured(each, names) for each in honoured.values()],
        "actions": _granting(found),
        "back": Link(_("Resolutions"), reverse("console_resolutions")),
    }
    return show(request, user, "resolution.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("resolution.record")
def honour(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Make somebody an honorary member by this resolution."""
    found = get_object_or_404(Resolution, pk=pk)
    if not _granting(found):
        raise Refusal(
            "honorary_unknown", _("The scheme in force has no category that is granted by resolution."), status=409
        )
    back = reverse("console_resolution", args=[found.pk])
    form = HonoraryForm(request.POST if request.method == "POST" else None, current_scheme())
    if form.is_valid():
        granted = attempt(form, lambda: _grant(form, found, user))
        if granted is not None:
            message = gettext("%(name)s is a member with number %(number)s.")
            messages.success(request, message % {"name": granted.name, "number": granted.number})
            return HttpResponseRedirect(back)
    return show_form(
        request,
        user,
        form,
        title=_("Grant honorary membership"),
        facts=[Fact(_("Resolution"), found.number), Fact(_("Subject"), found.subject)],
        warning=_("A member number is minted at once and is this person's for life."),
        button=_("Grant honorary membership"),
        back=Link(_("Back"), back),
    )


def _granting(found: Resolution) -> list[Link]:
    """The way to honour somebody, where the scheme in force knows such members."""
    if not any(category.term == BY_RESOLUTION for category in current_scheme().categories):
        return []
    return [Link(_("Grant honorary membership"), reverse("console_honorary", args=[found.pk]), look="main")]


def _grant(form: HonoraryForm, found: Resolution, user: User) -> Member:
    require(user, "resolution.record")
    wish = form.cleaned_data
    return grant_honorary(
        name=wish["name"],
        email=wish["email"],
        phone=wish["phone"],
        resolution=found.number,
        term=wish["term"],
        category=wish["category"],
        language=get_language() or "zh-hans",
        by=actor_of(user),
        at=clock.now(),
    )


def _honoured(years: list[EntitlementYear], names: dict[str, str]) -> Row:
    member = years[0].member
    category = names.get(years[0].category, years[0].category)
    period = period_words(years[0].from_on, years[-1].to_on)
    return Row([member.name, member.number, category, period], reverse("console_member", args=[member.pk]))
