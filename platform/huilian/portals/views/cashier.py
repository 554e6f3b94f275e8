"""Headquarters' cashier: a bill, how to pay it by bank transfer, and the voucher that proves it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from federation import tickets
from huilian.accounts.queries import local_day
from huilian.billing.models import Bill
from huilian.billing.queries import bill_of_application
from huilian.billing.services import choose_years
from huilian.payments.providers import Line, offered_providers
from huilian.payments.queries import attempts_of
from huilian.payments.services import report_remittance
from huilian.portals.forms.paying import VoucherForm, YearsForm
from huilian.portals.refusals import show_on_form
from huilian.portals.shapes import Fact, Tone
from huilian.portals.views.paying import PURPOSE
from huilian.portals.wording import amount_words, in_readers_language
from huilian.schemes.queries import scheme_version
from kit import clock
from kit.errors import Refusal
from kit.money import plain_amount
from tenants.context import society_numbered, url_of
from tenants.models import Society

_TONES: dict[Bill.State, Tone] = {
    Bill.State.OPEN: "warn",
    Bill.State.REPORTED: "info",
    Bill.State.SETTLED: "good",
    Bill.State.CANCELLED: "quiet",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest) -> HttpResponse:
    """The bill that a ticket opens; posted to, it takes the years or the voucher. Safe to reload and to send twice."""
    token = request.POST.get("t") or request.GET.get("t", "")
    society, application = _whose(token)
    bill = bill_of_application(society.number, application)
    here = f"{reverse('cashier')}?{urlencode({'t': token})}"
    if bill is None:
        return render(request, "huilian/cashier_waiting.html", {"here": here, "back": url_of(society, "/my/")})
    form = None
    if request.method == "POST":
        form = _choose_years(request, bill) if "years" in request.POST else _report(request, bill)
        if not form.errors:
            return HttpResponseRedirect(here)
    return _page(request, bill, society, token=token, here=here, form=form)


def _whose(token: str) -> tuple[Society, UUID]:
    """The society whose member owes, and the application; the ticket is bound to both."""
    payload = tickets.read(token, purpose=PURPOSE, at=clock.now())
    try:
        return society_numbered(token[: tickets.NUMBER_LENGTH]), UUID(str(payload["application"]))
    except (KeyError, ValueError):
        raise Refusal("bad_ticket", _("This link is not valid here. Please begin again."), status=403) from None


def _choose_years(request: HttpRequest, bill: Bill) -> YearsForm:
    form = YearsForm(request.POST)
    if form.is_valid():
        try:
            choose_years(bill, form.cleaned_data["years"], clock.now())
        except Refusal as refusal:
            show_on_form(form, refusal)
    return form


def _report(request: HttpRequest, bill: Bill) -> VoucherForm:
    form = VoucherForm(request.POST, request.FILES, today=local_day(clock.now()))
    if form.is_valid():
        given = form.cleaned_data
        try:
            report_remittance(
                bill,
                payer_name=given["payer_name"],
                transferred_on=given["transferred_on"],
                voucher=given["voucher"],
                at=clock.now(),
            )
        except Refusal as refusal:
            if refusal.code not in ("payment_being_checked", "bill_settled"):
                show_on_form(form, refusal)
            # Sent twice, the page just shows how the bill stands.
        else:
            messages.success(request, _("Thank you. The finance office will check your transfer."))
    return form


def _page(
    request: HttpRequest,
    bill: Bill,
    society: Society,
    *,
    token: str,
    here: str,
    form: YearsForm | VoucherForm | None,
) -> HttpResponse:
    account, note = _account(bill) if bill.state == Bill.State.OPEN else ([], "")
    voucher = (
        form
        if isinstance(form, VoucherForm)
        else VoucherForm(initial={"payer_name": bill.payer_name}, today=local_day(clock.now()))
    )
    context: dict[str, Any] = {
        "bill": bill,
        "tone": _TONES[Bill.State(bill.state)],
        "here": here,
        "token": token,
        "back": url_of(society, "/my/"),
        "facts": _facts(bill, society),
        "account": account,
        "account_note": note,
        "choices": _choices(bill),
        "years_form": form if isinstance(form, YearsForm) else None,
        "voucher_form": voucher,
        "attempt": attempts_of(bill).first(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "huilian/cashier.html", context, status=status)


def _choices(bill: Bill) -> list[tuple[int, str, bool]]:
    """Each number of years with its amount, and whether it is the present choice."""
    return [
        (years, amount_words(bill.unit_minor * years, bill.currency), years == bill.years)
        for years in range(1, bill.max_years + 1)
    ]


def _facts(bill: Bill, society: Society) -> list[Fact]:
    category = scheme_version(bill.scheme_version).category(bill.category)
    return [
        Fact(_("Applicant"), bill.payer_name),
        Fact(_("Category"), in_readers_language(category.name)),
        Fact(_("Society"), society.name),
        Fact(_("Bill"), bill.number),
        Fact(_("Amount"), amount_words(bill.amount_minor, bill.currency)),
    ]


def _account(bill: Bill) -> tuple[list[Fact], str]:
    """Everything that a transfer needs, each with a button to copy it, and what else to know."""
    offered = [provider for provider in offered_providers() if provider.needs_voucher]
    if not offered:
        return [], ""
    invitation = offered[0].invite(bill, language=get_language() or "zh")
    copied = {"amount": plain_amount(invitation.amount)}
    facts = [Fact(line.label, line.value, copy=copied.get(line.name) or _compact(line)) for line in invitation.lines]
    return facts, invitation.note


def _compact(line: Line) -> str:
    """What a bank's form takes: an account number without its spaces."""
    return line.value.replace(" ", "") if line.name == "account" else line.value
