"""A refusal reaches a person as a sentence: beside the field it is about, or on a page of its own."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huilian.applications.refusals import Problems
from kit.errors import Refusal

__all__ = ["ShowRefusals", "refusal_page", "show_on_form", "show_problems"]


class ShowRefusals:
    """Last in the stack: whatever a view did not show on its own form becomes a page with the refusal's status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a bug and stays one."""
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        return None


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that says why something is not possible, in the reader's language."""
    response = render(request, "huilian/refused.html", {"refusal": refusal}, status=refusal.status)
    response["Cache-Control"] = "no-store"
    return response


def show_problems(form: Form, refusal: Refusal) -> None:
    """Put every problem of a form beside its field."""
    for problem in refusal.problems if isinstance(refusal, Problems) else (refusal,):
        show_on_form(form, problem)


def show_on_form(form: Form, refusal: Refusal, *, otherwise: str | None = None) -> None:
    """Put the sentence beside the field it names; else beside `otherwise`, else above the form."""
    field = refusal.field if refusal.field in form.fields else otherwise
    form.add_error(field if field in form.fields else None, str(refusal))
