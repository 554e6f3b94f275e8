"""Filters of long lists, kept under a name by each member of staff for themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.portals.forms.console_filters import MemberFilter, RollFilter, SchemeFilter
from huilian.portals.models import SavedFilter
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit.clean_text import clean_text
from kit.errors import Refusal

MOST = 20


@dataclass(frozen=True, slots=True)
class FilteredPage:
    """A list whose filters can be kept: its address, who may see it, and what narrows it."""

    name: str
    verb: str
    form: Callable[[Any, Scheme], SchemeFilter]


PAGES = {
    "members": FilteredPage("console_members", "member.search", MemberFilter),
    "roll": FilteredPage("console_roll", "roll.see", RollFilter),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved filter as the page shows it."""

    name: str
    url: str
    delete_url: str
    current: bool


def page_named(code: str) -> FilteredPage:
    """The list of this name; Refusal `no_such_list` (404)."""
    if code not in PAGES:
        raise Refusal("no_such_list", _("There is no such list."), status=404)
    return PAGES[code]


def kept_filters(request: HttpRequest, user: User, code: str, form: SchemeFilter) -> dict[str, Any]:
    """What the list shows of its saved filters: one query."""
    page, now = PAGES[code], _plain(request.GET, form)
    kept = [
        Kept(
            each.name,
            f"{reverse(page.name)}?{each.query}",
            reverse("console_filter_delete", args=[each.pk]),
            each.query == now,
        )
        for each in SavedFilter.objects.filter(user=user, page=code)
    ]
    return {"kept": kept, "keep_query": now if not any(each.current for each in kept) else "", "keep_page": code}


def save_filter(user: User, code: str, *, name: str, query: str, at: datetime) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces it.

    Raises Refusal `filter_empty`, `filter_unreadable`, `filter_nameless` or `filters_too_many`.
    """
    page = page_named(code)
    require(user, page.verb)
    name = clean_text(name, max_length=60, field="name")
    if not name:
        raise Refusal("filter_nameless", _("Give the filter a name."), field="name")
    given = QueryDict(query[:2000])
    form = page.form(given, current_scheme())
    if not form.is_valid():
        raise Refusal("filter_unreadable", _("This filter cannot be read. Choose anew, then save it."))
    plain = _plain(given, form)
    if not plain:
        raise Refusal("filter_empty", _("Choose something in the filter first, then save it."))
    if len(plain) > 600:
        raise Refusal("filter_unreadable", _("This filter cannot be read. Choose anew, then save it."))
    own = SavedFilter.objects.filter(user=user, page=code)
    if own.exclude(name=name).count() >= MOST:
        raise Refusal("filters_too_many", _("You have saved %(most)s filters. Delete one first."), most=MOST)
    kept, _new = SavedFilter.objects.update_or_create(
        user=user, page=code, name=name, defaults={"query": plain, "saved_at": at}
    )
    return kept


def _plain(given: QueryDict, form: SchemeFilter) -> str:
    """Only what narrows, in one order: two addresses of the same filter are the same text."""
    chosen = [(name, value) for name in form.fields if (value := str(given.get(name, "")).strip())]
    return urlencode(chosen)
