"""What surrounds a page: where one can go from it, by who one is."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huilian.accounts.rules import may
from huilian.portals.access import user_of
from huilian.portals.shapes import Link, Shell
from huilian.schemes.queries import federation_name
from tenants.context import headquarters, law, url_of

CONSOLE_URL = "/console/"


def shell_of(request: HttpRequest) -> Shell:
    """The surroundings of one request's page; a visitor's cost no query."""
    return Shell(
        nav=_nav(request),
        account=_account(request),
        footer=_footer(),
        home_url=reverse("home"),
        sign_in_url=reverse("sign_in"),
        sign_out_url=reverse("sign_out"),
        federation=_federation(),
    )


def _federation() -> str:
    """What a branch is a part of; others are bodies of their own, and their names say so."""
    name = None if law().legal_person else federation_name()
    return name.in_language(get_language() or "zh") if name else ""


def _nav(request: HttpRequest) -> list[Link]:
    links = [
        Link(_("Membership"), reverse("home"), current=request.path == reverse("home")),
        Link(_("Join"), reverse("join"), current=_within(request, "join")),
    ]
    if user_of(request):
        links.append(Link(_("My membership"), reverse("my"), current=_within(request, "my")))
    return links


def _account(request: HttpRequest) -> list[Link]:
    user = user_of(request)
    if user is None:
        return []
    links = [
        Link(_("My membership"), reverse("my")),
        Link(_("Phone and e-mail"), reverse("my_contact")),
        Link(_("Password"), reverse("my_password")),
    ]
    if user.is_staff and may(user, "console.see"):
        links.append(Link(_("Console"), CONSOLE_URL))
    return links


def _footer() -> list[Link]:
    if law().aggregates:
        return []
    return [Link(headquarters().name, url_of(headquarters(), "/"))]


def _within(request: HttpRequest, name: str) -> bool:
    return request.path.startswith(reverse(name))
