"""Payments: what finance has to look at, and all that were reported."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.payments.models import PaymentAttempt
from huilian.payments.queries import search_payments, waiting_payments
from huilian.portals.console.words import NOTHING, category_names, said_state, society_name
from huilian.portals.forms.console_filters import PaymentFilter
from huilian.portals.refusals import show_on_form
from huilian.portals.shapes import Column, Row
from huilian.portals.templatetags.huilian_tags import day, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show_list
from huilian.portals.wording import amount_words
from huilian.schemes.queries import current_scheme
from kit.errors import Refusal


@require_safe
@staff("payment.see")
def payments(request: HttpRequest, user: User) -> HttpResponse:
    """Those to be confirmed, the oldest first; with a filter, any."""
    form = PaymentFilter(request.GET)
    searched = bool(form.chosen("text") or form.chosen("state"))
    try:
        found = search_payments(form.chosen("text"), state=form.chosen("state")) if searched else waiting_payments()
    except Refusal as refusal:
        show_on_form(form, refusal, otherwise="text")
        found = PaymentAttempt.objects.none()
    page = page_of(request, found)
    names = category_names(current_scheme())
    return show_list(
        request,
        user,
        title=_("Payments") if searched else _("Payments to confirm"),
        lead="" if searched else _("Vouchers that wait for the finance office, the oldest first."),
        columns=[
            Column(_("Payer")),
            Column(_("Bill")),
            Column(_("Category")),
            Column(_("Society")),
            Column(_("Amount"), numeric=True),
            Column(_("Transferred")),
            Column(_("Reported")),
            Column(_("State")),
        ],
        rows=[_row(each, names) for each in page],
        page=page,
        filters=form,
        empty_title=_("No payment found") if searched else _("No payment waits"),
        empty_text="" if searched else _("A payment appears here as soon as somebody uploads a voucher."),
    )


def _row(each: PaymentAttempt, names: dict[str, str]) -> Row:
    bill = each.bill
    return Row(
        [
            each.payer_name or bill.payer_name,
            format_html('<span class="mono">{}</span>', bill.number),
            names.get(bill.category, bill.category),
            society_name(bill.society_number),
            amount_words(each.amount_minor, each.currency),
            day(each.transferred_on) or NOTHING,
            moment(each.reported_at),
            said_state(PaymentAttempt.State, each.state),
        ],
        reverse("console_payment", args=[each.pk]),
    )
