"""The page of the application form: which rules, which answers so far, what was proven already."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huilian.accounts.queries import local_day
from huilian.applications.channels import ApplyTicket, unseal
from huilian.applications.models import Application
from huilian.applications.papers import codes_of
from huilian.applications.queries import draft_answers
from huilian.applications.rules import consents_asked
from huilian.portals.forms.applying import ApplicationForm
from huilian.schemes.document import Category, Scheme
from huilian.schemes.queries import current_scheme, scheme_version
from kit import clock
from kit.errors import Refusal

PURPOSE = "apply"  # of the one-time codes sent from this page


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the applicant: a ticket alone, or the draft that was begun with one."""

    ticket: ApplyTicket
    token: str
    draft: Application | None
    scheme: Scheme

    @property
    def category(self) -> Category:
        return self.scheme.category(self.ticket.category)

    @property
    def is_confirmed(self) -> bool:
        """Whether the applicant has proven a phone or e-mail for this draft."""
        return self.draft is not None and bool(self.draft.confirmed_hash)

    @property
    def code_action(self) -> str:
        """Where a code is asked for."""
        belongs = {"draft": self.draft.pk} if self.draft else {"t": self.token}
        return f"{reverse('apply_code')}?{urlencode(belongs)}"

    @property
    def action(self) -> str:
        """Where the form is sent, and shown again when the language is switched: a draft has its own address."""
        if self.draft is not None:
            return reverse("apply_draft", args=[self.draft.pk])
        return f"{reverse('apply')}?{urlencode({'t': self.token})}"


def desk_of_ticket(token: str) -> Desk:
    """A form to be begun; Refusal `bad_ticket` or `ticket_expired`."""
    ticket = unseal(token, at=clock.now())
    return Desk(ticket=ticket, token=token, draft=None, scheme=_rules(ticket.scheme_version))


def desk_of_draft(application: Application) -> Desk:
    """A form that was begun before."""
    ticket = ApplyTicket.from_data(application.ticket)
    return Desk(ticket=ticket, token="", draft=application, scheme=scheme_version(application.scheme_version))


def form_of(desk: Desk, request: HttpRequest | None = None) -> ApplicationForm:
    """The form as it was sent, or else as the draft has it."""
    return ApplicationForm(
        desk.scheme,
        desk.category,
        consents=consents_asked(),
        handed_in=codes_of(desk.draft) if desk.draft else (),
        confirmed=desk.is_confirmed,
        data=request.POST if request else None,
        files=request.FILES if request else None,
        answers=draft_answers(desk.draft) if desk.draft else None,
    )


def show_form(
    request: HttpRequest, desk: Desk, form: ApplicationForm, *, status: int = 200, sent_to: str = ""
) -> HttpResponse:
    """The page; `sent_to` is the field to whose phone or e-mail a code has just gone."""
    today: date = local_day(clock.now())
    context: dict[str, Any] = {
        "form": form,
        "desk": desk,
        "dues": desk.scheme.dues_on(desk.category, today),
        "sent_to": form[sent_to] if sent_to else None,
        "confirm": sent_to or request.POST.get("confirm", ""),
    }
    return render(request, "huilian/apply.html", context, status=status)


def _rules(version: int) -> Scheme:
    try:
        return scheme_version(version)
    except Refusal:
        return current_scheme()  # headquarters knew a version that is still on its way to us
