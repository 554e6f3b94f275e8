"""The societies of the federation, and the orders given about them."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from federation.ledger.models import SocietyOrder
from federation.ledger.queries import summary
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.portals.console.law_words import law_table
from huilian.portals.console.words import actor_name, heard, said_state, society_name
from huilian.portals.shapes import Column, Link, Row, Words
from huilian.portals.templatetags.huilian_tags import moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import show_list
from kit import clock
from tenants import registry
from tenants.context import url_of
from tenants.kinds import HEADQUARTERS_NUMBER
from tenants.models import Society

_PAGE = 50
_LATEST = 10
VERB_WORDS: dict[str, Words] = {
    "open": _("Open a society"),
    "suspend": _("Suspend the society"),
    "resume": _("Resume the society"),
    "upgrade": _("Upgrade the societies"),
}


@require_safe
@staff("society.order")
def societies(request: HttpRequest, user: User) -> HttpResponse:
    """Every society with its state, its size and what can be ordered about it; and the latest orders."""
    known = sorted(registry.street_map().by_number.values(), key=lambda each: each.number)
    page = Paginator(known, _PAGE).get_page(request.GET.get("page"))
    sums = summary(on=local_day(clock.now()), months=1).societies
    rows = [
        Row(
            [
                format_html("{} {}<br>{}", each.number, each.name, _other_name(each)),
                format_html('<span class="whole">{}</span>', Society.Kind(each.kind).label),
                said_state(Society.State, each.state),
                sums[each.number].members if each.number in sums else 0,
                format_html('<a href="{}">{}</a>', url_of(each, "/"), _host(each)),
                _orders(each),
            ]
        )
        for each in page
    ]
    return show_list(
        request,
        user,
        title=_("Societies"),
        columns=[
            Column(_("Society")),
            Column(_("Kind")),
            Column(_("State")),
            Column(_("Members"), numeric=True),
            Column(_("Web address")),
            Column(_("Actions")),
        ],
        rows=rows,
        page=page,
        actions=[Link(_("Open a society"), reverse("console_society_open"), look="main")],
        template="societies.html",
        order_columns=[
            Column(_("Order")),
            Column(_("Society")),
            Column(_("State")),
            Column(_("Ordered by")),
            Column(_("Ordered")),
        ],
        **law_table(),
        orders=_latest(SocietyOrder.objects.order_by("-ordered_at", "pk")),
    )


def _other_name(each: Society) -> SafeString:
    """The name in the language that the reader does not read."""
    name, language = (each.name_en, "en") if each.name == each.name_zh else (each.name_zh, "zh-Hans")
    return format_html('<span class="second" lang="{}">{}</span>', language, name)


def _host(each: Society) -> str:
    return registry.street_map().hosts.get(each.number, "")


def _orders(each: Society) -> SafeString:
    """What can be ordered about a society as it stands; headquarters is never suspended."""
    if each.number == HEADQUARTERS_NUMBER:
        return SafeString("")
    verbs = {Society.State.OPEN: ["suspend"], Society.State.SUSPENDED: ["resume"]}
    return format_html_join(
        " ",
        '<a class="whole" href="{}">{}{}</a>',
        (
            (reverse("console_society_order", args=[each.number, verb]), f"{VERB_WORDS[verb]}…", heard(each.name))
            for verb in verbs.get(Society.State(each.state), [])
        ),
    )


def _latest(orders: QuerySet[SocietyOrder]) -> list[Row]:
    return [
        Row(
            [
                VERB_WORDS.get(order.verb, order.verb),
                society_name(order.society) if order.society else gettext("all societies"),
                said_state(SocietyOrder.State, order.state),
                actor_name(order.ordered_by),
                moment(order.ordered_at),
            ],
            reverse("console_order", args=[order.pk]),
        )
        for order in orders[:_LATEST]
    ]
