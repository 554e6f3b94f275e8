"""Ordering a society to be opened, suspended or resumed, and watching the order being carried out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from federation.ledger.models import SocietyOrder
from huilian.accounts.models import User
from huilian.applications.deciding import order_society
from huilian.notices.queries import has_outbox
from huilian.portals.console.words import NOTHING, actor_name, said_state, society_name
from huilian.portals.forms.console import ReasonForm
from huilian.portals.forms.console_headquarters import OpenSocietyForm
from huilian.portals.shapes import Fact, Link, Words
from huilian.portals.templatetags.huilian_tags import moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.headquarters.societies import VERB_WORDS
from huilian.portals.views.console.pages import attempt, show, show_form
from kit import clock
from tenants import registry
from tenants.context import url_of

_WISHES = ("kind", "slug", "name_zh", "name_en", "owner_name", "owner_email", "owner_phone")
_ASKED: dict[str, tuple[Words, Words]] = {
    "suspend": (
        _("Suspend this society?"),
        _("Its pages answer that it is closed, nobody can sign in there, and its messages wait until it is resumed."),
    ),
    "resume": (_("Resume this society?"), _("Its pages are open again, and the messages that waited are handled.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff("society.order")
def open_society(request: HttpRequest, user: User) -> HttpResponse:
    """Order a society to be opened; the worker carries it out and invites the first administrator."""
    form = OpenSocietyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.cleaned_data
        order = attempt(
            form,
            lambda: order_society(
                "open",
                society=wish["number"],
                details={name: wish[name] for name in _WISHES},
                reason=wish["reason"],
                by_user=user,
                at=clock.now(),
            ),
        )
        if order is not None:
            return HttpResponseRedirect(reverse("console_order", args=[order.pk]))
    return show_form(
        request,
        user,
        form,
        title=_("Open a society"),
        lead=_("It gets its own database schema and login, its address, the present scheme, and an administrator."),
        button=_("Order the opening"),
        back=Link(_("Societies"), reverse("console_societies")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("society.order")
def order_about(request: HttpRequest, user: User, number: str, verb: str) -> HttpResponse:
    """Order a society to be suspended or resumed, after asking once more and for the reason."""
    society = registry.find("by_number", number)
    if society is None or verb not in _ASKED:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        order = attempt(form, lambda: order_society(verb, society=number, reason=reason, by_user=user, at=clock.now()))
        if order is not None:
            return HttpResponseRedirect(reverse("console_order", args=[order.pk]))
    title, warning = _ASKED[verb]
    return show_form(
        request,
        user,
        form,
        title=title,
        facts=[Fact(_("Society"), society.name), Fact(_("Society number"), society.number)],
        warning=warning,
        button=VERB_WORDS[verb],
        look="bad" if verb == "suspend" else "main",
        back=Link(_("Societies"), reverse("console_societies")),
    )


@require_safe
@staff("society.order")
def order(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """How an order is getting on; the page looks again by itself until it is done."""
    found = get_object_or_404(SocietyOrder, pk=pk)
    states = SocietyOrder.State
    is_opened = found.verb == "open" and found.state == states.DONE
    context = {
        "order": found,
        "title": VERB_WORDS.get(found.verb, found.verb),
        "name": _name_in(found),
        "state": said_state(states, found.state),
        "under_way": found.state in (states.ORDERED, states.RUNNING),
        "is_opened": is_opened,
        "letters_stay": has_outbox(),
        "facts": [
            Fact(_("Society"), f"{found.society} {_name_in(found)}".strip()),
            *(_of_the_opened(found) if is_opened else []),
            Fact(_("Ordered by"), actor_name(found.ordered_by)),
            Fact(_("Ordered"), moment(found.ordered_at)),
            Fact(_("Reason"), found.reason),
            Fact(_("Finished"), moment(found.finished_at) or NOTHING),
        ],
        "back": Link(_("Societies"), reverse("console_societies")),
    }
    return show(request, user, "order.html", context)


def _name_in(found: SocietyOrder) -> Words:
    """The society's name as the order gives it: before it is opened, nobody else knows it."""
    given = found.details
    if given.get("name_zh"):
        return str(given["name_en"] if get_language() == "en" else given["name_zh"])
    return society_name(found.society) if found.society else _("all societies")


def _of_the_opened(found: SocietyOrder) -> list[Fact]:
    """Where it answers now, and who was asked to run it."""
    given = found.details
    society = registry.find("by_number", found.society)
    address = [Fact(_("Web address"), url_of(society), url=url_of(society))] if society else []
    to = [each for each in (given.get("owner_name"), given.get("owner_email"), given.get("owner_phone")) if each]
    return [*address, Fact(_("Invitation sent to"), " · ".join(to))]
