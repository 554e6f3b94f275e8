"""Asking the payee for a bill, and taking the wish back."""

from datetime import date

from federation.contracts import DuesRequested, DuesWithdrawn
from federation.outbox import publish
from huilian.applications.models import Application
from huilian.applications.route import dues_row, years_on_offer
from huilian.schemes.document import Category, Scheme
from kit.money import Money
from tenants.kinds import HEADQUARTERS_NUMBER

# Dues are headquarters' own: a branch has no account, and a province's own scheme would make it its own payee.
PAYEE = HEADQUARTERS_NUMBER


def request_dues(application: Application, scheme: Scheme, category: Category, *, on: date) -> None:
    """Ask the payee to open a bill over what was frozen with the application; asked again, it is the same bill."""
    row = dues_row(scheme, category, on=on)
    if row is None or application.dues_unit_minor is None:
        raise ValueError(f"application {application.reference} owes nothing")
    publish(
        DuesRequested(
            application_id=application.pk,
            member_id=None,
            payer_name=application.name,
            category=application.category,
            unit_minor=application.dues_unit_minor,
            currency=scheme.currency,
            max_years=years_on_offer(category, row),
            dues_resolution=row.resolution[:200],
            scheme_version=application.scheme_version,
            due_on=application.step_due_on,
        ),
        to=PAYEE,
    )


def withdraw_dues(application: Application, *, reason: str) -> None:
    """The application ended: the payee cancels the bill, or owes back what it has received."""
    publish(DuesWithdrawn(application_id=application.pk, reason=reason), to=PAYEE)


def owed(application: Application, scheme: Scheme) -> Money:
    """What is to be paid as far as it is known: the bill's amount, or one unit of dues."""
    minor = application.bill_amount_minor or application.dues_unit_minor or 0
    return Money(minor, scheme.currency)
