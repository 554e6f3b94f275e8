"""One payment: the voucher beside the figures; confirm what arrived, or reject with the reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huilian.accounts.models import User
from huilian.accounts.rules import verbs_of
from huilian.billing.models import Bill
from huilian.billing.queries import reference_of
from huilian.payments.models import PaymentAttempt
from huilian.payments.queries import attempts_of, same_voucher, waiting_payments
from huilian.payments.services import confirm_payment, open_voucher, reject_payment
from huilian.portals.console.words import (
    NOTHING,
    actor_name,
    category_names,
    said_state,
    society_name,
)
from huilian.portals.forms.console_headquarters import ConfirmPaymentForm, RejectPaymentForm
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import day, moment
from huilian.portals.uploads import upload_response
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import attempt, show, show_form
from huilian.portals.wording import amount_words
from huilian.schemes.queries import current_scheme
from kit import clock


@require_safe
@staff("payment.see")
def payment(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The voucher, and what it must agree with."""
    found = _found(pk)
    form = ConfirmPaymentForm(currency=found.currency)
    return _show(request, user, found, form)


@require_POST
@staff("payment.confirm")
def confirm(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The money is in the account: settle the bill, and go on to the next payment."""
    found = _found(pk)
    form = ConfirmPaymentForm(request.POST, currency=found.currency)
    if form.is_valid():
        received = form.cleaned_data["received_minor"]
        done = attempt(form, lambda: confirm_payment(found, by_user=user, at=clock.now(), received_minor=received))
        if done is not None:
            messages.success(request, _said_confirmed(done))
            return _go_on()
    return _show(request, user, _found(pk), form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("payment.confirm")
def reject(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The voucher proves nothing, or the money did not come: the payer is told why."""
    found = _found(pk)
    form = RejectPaymentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: reject_payment(found, reason=reason, by_user=user, at=clock.now())):
            messages.success(request, _("The voucher is rejected; the payer is told why."))
            return _go_on()
    return show_form(
        request,
        user,
        form,
        title=_("Reject this voucher?"),
        facts=_figures(found),
        warning=_("The bill is open again, and the payer is asked to pay or to upload another voucher."),
        button=_("Reject the voucher"),
        look="bad",
        back=Link(_("Back"), reverse("console_payment", args=[found.pk])),
    )


@require_safe
@xframe_options_sameorigin
@staff("payment.see")
def voucher(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The voucher's file; the journal says who looked."""
    found = open_voucher(_found(pk), by_user=user, at=clock.now())
    response = upload_response(found.content, content_type=found.content_type, file_name=found.file_name)
    # A PDF file is shown within the page; a picture is under a stricter policy already.
    response.setdefault("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")
    return response


def _found(pk: UUID) -> PaymentAttempt:
    return get_object_or_404(PaymentAttempt.objects.select_related("bill"), pk=pk)


def _go_on() -> HttpResponseRedirect:
    following = waiting_payments().values_list("pk", flat=True).first()
    url = reverse("console_payment", args=[following]) if following else reverse("console_payments")
    return HttpResponseRedirect(url)


def _show(request: HttpRequest, user: User, found: PaymentAttempt, form: ConfirmPaymentForm) -> HttpResponse:
    waits = found.state == PaymentAttempt.State.REPORTED
    following = waiting_payments().exclude(pk=found.pk).values_list("pk", flat=True).first()
    context = {
        "payment": found,
        "bill": found.bill,
        "state": said_state(PaymentAttempt.State, found.state),
        "figures": _figures(found),
        "owed": amount_words(found.bill.amount_minor, found.bill.currency),
        "decided": _decided(found),
        "is_image": not found.voucher.endswith(".pdf"),
        "voucher_url": reverse("console_voucher", args=[found.pk]) if found.voucher else "",
        "withdrawn": waits and (found.bill.withdrawn_at is not None or found.bill.state == Bill.State.CANCELLED),
        "same": [_other(each) for each in same_voucher(found)],
        "earlier": [_other(each) for each in attempts_of(found.bill).select_related("bill") if each.pk != found.pk],
        "other_columns": [
            Column(_("Payer")),
            Column(_("Bill")),
            Column(_("Reported")),
            Column(_("State")),
            Column(_("Reason")),
        ],
        "may_confirm": waits and "payment.confirm" in verbs_of(user),
        "form": form,
        "keys": [Fact(_("Reject"), "r"), Fact(_("Next payment"), "j")],
        "next_url": reverse("console_payment", args=[following]) if following else "",
        "back": Link(_("Payments to confirm"), reverse("console_payments")),
    }
    return show(request, user, "payment.html", context, status=422 if form.errors else 200)


def _figures(found: PaymentAttempt) -> list[Fact]:
    bill, names = found.bill, category_names(current_scheme())
    return [
        Fact(_("Amount owed"), amount_words(bill.amount_minor, bill.currency)),
        Fact(_("Years"), bill.years),
        Fact(_("Transferred by"), found.payer_name or NOTHING),
        Fact(_("Owed by"), bill.payer_name),
        Fact(_("Transferred on"), day(found.transferred_on) or NOTHING),
        Fact(_("Payment reference"), reference_of(bill), copy=True),
        Fact(_("Bill"), bill.number, copy=True),
        Fact(_("Category"), names.get(bill.category, bill.category)),
        Fact(_("Society"), society_name(bill.society_number)),
        Fact(_("Reported"), moment(found.reported_at)),
    ]


def _decided(found: PaymentAttempt) -> list[Fact]:
    if not found.decided_at:
        return []
    facts = [Fact(_("Decided"), moment(found.decided_at)), Fact(_("Decided by"), actor_name(found.decided_by))]
    return [*facts, Fact(_("Reason"), found.reason)] if found.reason else facts


def _other(each: PaymentAttempt) -> Row:
    cells = [
        each.payer_name,
        each.bill.number,
        moment(each.reported_at),
        said_state(PaymentAttempt.State, each.state),
        each.reason or NOTHING,
    ]
    return Row(cells, reverse("console_payment", args=[each.pk]))


def _said_confirmed(done: PaymentAttempt) -> str:
    if done.state == PaymentAttempt.State.CONFIRMED:
        return str(_("Confirmed: the bill is settled, and the society is told."))
    return str(_("Confirmed. The application has ended meanwhile: the money is booked as to be paid back."))
