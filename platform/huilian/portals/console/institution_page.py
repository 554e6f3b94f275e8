"""What headquarters' books hold of an institution beside its line on the roll: representatives and dues."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from federation.ledger.models import ApplicationEntry, Case, RollEntry
from huilian.billing.models import Bill
from huilian.members.models import Representative
from huilian.payments.models import PaymentAttempt
from huilian.portals.console.words import BILL_STATES, NOTHING, period_words, said_state, society_name
from huilian.portals.shapes import Column, Row
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.wording import amount_words
from tenants import registry
from tenants.context import current
from tenants.kinds import LAW


def representatives_of(found: RollEntry, applications: Sequence[ApplicationEntry], *, cases: bool) -> dict[str, Any]:
    """Of headquarters' own institutions those in office; of others whom the application named, where it came here."""
    columns = [Column(_("Name")), Column(_("Position")), Column(_("Period"))]
    if found.society == current().number:
        acting = Representative.objects.filter(member_id=found.member_id).order_by("-from_on", "-pk")
        rows = [Row([each.name, each.position or NOTHING, period_words(each.from_on, each.to_on)]) for each in acting]
        return {"representative_columns": columns, "representatives": rows, "case_url": ""}
    case = _case_of(found, applications)
    answers = case.dossier.get("answers", {}) if case else {}
    facts = {"society": society_name(found.society)}
    if case is None or not answers.get("representative_name"):
        words = gettext(
            "Who acts for this institution is kept by %(society)s; nothing about it has come to headquarters."
        )
        return {"representatives": [], "representatives_note": words % facts}
    words = gettext(
        "As its application of %(day)s named them. Who came later is kept by %(society)s, not by headquarters."
    )
    return {
        "representative_columns": columns[:2],
        "representatives": [Row([answers["representative_name"], answers.get("representative_position") or NOTHING])],
        "representatives_note": words % {**facts, "day": day(_handed_in(case, applications))},
        "case_url": reverse("console_case", args=[case.pk]) if cases else "",
    }


def dues_of(found: RollEntry, applications: Sequence[ApplicationEntry], *, payments: bool) -> dict[str, Any]:
    """The bills of headquarters for this institution; of those of another payee the fee book does not say whose."""
    society = registry.street_map().by_number.get(found.society)
    if found.society != current().number and society is not None and LAW[society.kind].legal_person:
        words = gettext(
            "%(society)s collects its dues itself: the fee book holds its bills, but not which institution each is for."
        )
        return {
            "shows_dues": True,
            "dues_note": words % {"society": society.name},
            "fees_url": f"{reverse('console_fees')}?society={found.society}&category={found.category}",
        }
    theirs = Q(member_id=found.member_id) | Q(application_id__in=[each.application_id for each in applications])
    bills = list(Bill.objects.filter(theirs, society_number=found.society).order_by("-opened_at", "-number"))
    paid = _payments(bills) if payments else {}
    return {
        "shows_dues": True,
        "due_columns": [
            Column(_("Bill")),
            Column(_("Years"), numeric=True),
            Column(_("Amount"), numeric=True),
            Column(_("State")),
            Column(_("Opened")),
            Column(_("Paid")),
        ],
        "dues": [
            Row(
                [
                    each.number,
                    each.years,
                    amount_words(each.amount_minor, each.currency),
                    said_state(BILL_STATES, each.state),
                    day(each.opened_at),
                    day(each.settled_at) or NOTHING,
                ],
                paid.get(each.pk, ""),
            )
            for each in bills
        ],
    }


def _payments(bills: Sequence[Bill]) -> dict[object, str]:
    """The page of the last payment of each bill."""
    attempts = PaymentAttempt.objects.filter(bill__in=bills).order_by("reported_at", "pk").values_list("bill_id", "pk")
    return {bill: reverse("console_payment", args=[pk]) for bill, pk in attempts}


def _case_of(found: RollEntry, applications: Sequence[ApplicationEntry]) -> Case | None:
    """The latest case by which it became a member; none where its society took it over from a list."""
    cases = Case.objects.filter(
        society=found.society, application_id__in=[each.application_id for each in applications]
    )
    return cases.order_by("-opened_at", "-step_index").first()


def _handed_in(case: Case, applications: Sequence[ApplicationEntry]) -> Any:
    return next(each.submitted_at for each in applications if each.application_id == case.application_id)
