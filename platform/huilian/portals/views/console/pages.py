"""Drawing pages of the console: a list, a form, or a page of its own, each within the same surroundings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from huilian.accounts.models import User
from huilian.portals.console.shell import console_shell
from huilian.portals.refusals import show_on_form
from huilian.portals.shapes import Column, Fact, Link, Look, Row, Words
from kit.errors import Refusal

Item = TypeVar("Item", bound=Model)
Done = TypeVar("Done")
PAGE_SIZE = 25


def show(
    request: HttpRequest, user: User, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the console by its own template below `huilian/console/`."""
    surroundings = {"shell": console_shell(request, user)}
    return render(request, f"huilian/console/{template}", {**surroundings, **context}, status=status)


class TwoEnded(Paginator):  # type: ignore[type-arg]
    """Pages of a query; those nearer to the end are read from there, so the last costs no more than the first.

    What matches `most` times or more is not counted further, and has no pages beyond.
    """

    object_list: "QuerySet[Any]"

    def __init__(self, rows: "QuerySet[Any]", size: int, *, known: int | None = None, most: int | None = None) -> None:
        super().__init__(rows, size)
        counted = known
        if known is None and most is not None:
            counted = rows[:most].count()
        if counted is not None:
            self.__dict__["count"] = counted  # where Django remembers it once it has counted
        self.uncounted = known is None and counted == most and most is not None

    def page(self, number: int | str) -> "Page[Any]":
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        if self.uncounted or first <= self.count - last:
            return Page(self.object_list[first:last], number, self)
        rows = list(self.object_list.reverse()[self.count - last : self.count - first])
        return Page(rows[::-1], number, self)


def page_of(
    request: HttpRequest,
    rows: "QuerySet[Item]",
    *,
    known: int | None = None,
    most: int | None = None,
    size: int = PAGE_SIZE,
) -> "Page[Item]":
    """The page of a list that was asked for, or the nearest there is: two queries.

    One where it is `known` how many rows there are, as the kept sums tell; `most` bounds what is counted otherwise.
    """
    return TwoEnded(rows, size, known=known, most=most).get_page(request.GET.get("page"))


def show_list(
    request: HttpRequest,
    user: User,
    *,
    title: Words,
    columns: Sequence[Column],
    rows: Sequence[Row],
    page: "Page[Any] | None" = None,
    filters: Form | None = None,
    total: Row | None = None,
    lead: Words = "",
    note: Words = "",
    actions: Sequence[Link] = (),
    tabs: Sequence[Link] = (),
    back: Link | None = None,
    empty_title: Words = "",
    empty_text: Words = "",
    empty_actions: Sequence[Link] = (),
    template: str = "list.html",
    **more: Any,
) -> HttpResponse:
    """A list with its filters, its pages and what to say when it is empty."""
    context = {
        "title": title,
        "lead": lead,
        "note": note,
        "actions": actions,
        "tabs": tabs,
        "back": back,
        "columns": columns,
        "rows": rows,
        "total": total,
        "page": page,
        "filters": filters,
        "reset_url": request.path if request.GET else "",
        "empty_title": empty_title,
        "empty_text": empty_text,
        "empty_actions": empty_actions,
    }
    return show(request, user, template, {**context, **more})


def show_form(
    request: HttpRequest,
    user: User,
    form: Form,
    *,
    title: Words,
    button: Words,
    back: Link,
    lead: Words = "",
    warning: Words = "",
    look: Look = "main",
    facts: Sequence[Fact] = (),
    template: str = "form.html",
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own; also what asks once more before something that cannot be undone."""
    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "button": button,
        "look": look,
        "back": back,
        "warning": warning,
        "facts": facts,
        "filed": form.is_multipart(),
    }
    return show(request, user, template, {**context, **more}, status=422 if form.errors else 200)


def post_button(request: HttpRequest, url: str, *, label: Words, about: str) -> SafeString:
    """A button in a row that posts; `about` says to a screen reader whose row it is."""
    given = {"url": url, "label": label, "about": about}
    return SafeString(render_to_string("huilian/console/button.html", given, request=request))


def attempt(form: Form, act: Callable[[], Done], *, otherwise: str | None = None) -> Done | None:
    """What `act` returns, or None with its refusal shown on the form; who may not is told on a page.

    A refusal of a field that the form does not have stands beside `otherwise`.
    """
    try:
        return act()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        show_on_form(form, refusal, otherwise=otherwise if refusal.field else None)
        return None


def act_and_return(request: HttpRequest, act: Callable[[], object], *, done: Words, to: str) -> HttpResponseRedirect:
    """Act on the press of a button and go back to a page, which says what became of it."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(to)
