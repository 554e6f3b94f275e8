"""Which steps a bill may take, and what is said to one that it may not."""

from django.utils.translation import gettext_lazy as _

from federation.contracts import DuesRequested
from huilian.billing.models import Bill
from kit.errors import Refusal
from kit.money import MINOR_DIGITS
from tenants.context import law

OPEN, REPORTED, SETTLED, CANCELLED = (
    Bill.State.OPEN,
    Bill.State.REPORTED,
    Bill.State.SETTLED,
    Bill.State.CANCELLED,
)

STEPS: dict[Bill.State, frozenset[Bill.State]] = {
    OPEN: frozenset({REPORTED, CANCELLED}),
    REPORTED: frozenset({OPEN, SETTLED, CANCELLED}),
    SETTLED: frozenset(),
    CANCELLED: frozenset(),
}

MOST_YEARS = 50
_REASONS = {
    OPEN: ("bill_open", _("No payment of the bill %(number)s has been reported.")),
    REPORTED: (
        "payment_being_checked",
        _("A payment of the bill %(number)s is being checked. Please wait for the answer of the finance office."),
    ),
    SETTLED: ("bill_settled", _("The bill %(number)s is paid.")),
    CANCELLED: ("bill_cancelled", _("The bill %(number)s has been cancelled.")),
}


def stands(bill: Bill) -> Refusal:
    """The refusal that says how the bill stands, with one of the codes above and status 409."""
    code, sentence = _REASONS[Bill.State(bill.state)]
    return Refusal(code, sentence, status=409, number=bill.number)


def being_checked(bill: Bill) -> Refusal:
    """The refusal for a bill of which a payment is being checked, in whatever state it is itself."""
    code, sentence = _REASONS[REPORTED]
    return Refusal(code, sentence, status=409, number=bill.number)


def check_state(bill: Bill, *allowed: Bill.State) -> None:
    """Pass a bill in one of these states; otherwise the refusal says in which it is."""
    if bill.state not in allowed:
        raise stands(bill)


def check_years(bill: Bill, years: int) -> None:
    """Pass a number of years that this bill may be paid for; Refusal `years_out_of_range`, for `years`."""
    if type(years) is not int or not 1 <= years <= bill.max_years:
        raise Refusal(
            "years_out_of_range",
            _("Dues can be paid for 1 to %(most)s years at once."),
            field="years",
            most=bill.max_years,
        )


def check_payee() -> None:
    """Pass a legal person: nobody else may be owed. Refusal `not_a_payee`, status 403."""
    if not law().legal_person:
        raise Refusal(
            "not_a_payee",
            _("A branch is not a legal person: it has no account of its own and cannot send bills."),
            status=403,
        )


def check_request(message: DuesRequested) -> None:
    """Pass a request that makes sense; Refusal `dues_senseless` parks the message that brought it."""
    senseless = (
        message.unit_minor <= 0
        or not 1 <= message.max_years <= MOST_YEARS
        or message.currency not in MINOR_DIGITS
        or (message.application_id is None and message.member_id is None)
    )
    if senseless:
        raise Refusal("dues_senseless", _("This request for dues names no amount, term or debtor that can be."))
