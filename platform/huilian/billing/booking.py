"""Double entry: every transaction sums to zero, and is corrected by another one, never changed.

Dues are income of the years they are paid for: nominal years, counted from the day the bill was opened.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db.models import Sum

from huilian.billing.models import Account, Bill, Entry
from kit.clock import split_years
from tenants.context import current


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a transaction: a debit if positive, a credit if negative."""

    account: Account
    amount_minor: int
    for_year_from: date | None = None


def book(bill: Bill, sides: Iterable[Side], *, memo: str, by: str, at: datetime) -> list[Entry]:
    """Write one transaction; raises ValueError unless its sides sum to zero."""
    written = [side for side in sides if side.amount_minor]
    if sum(side.amount_minor for side in written):
        raise ValueError(f"a transaction of {bill.number} does not balance: {written}")
    transaction_id = uuid4()
    return Entry.objects.bulk_create(
        Entry(
            transaction_id=transaction_id,
            bill=bill,
            account=side.account,
            amount_minor=side.amount_minor,
            currency=bill.currency,
            for_year_from=side.for_year_from,
            memo=memo[:200],
            booked_by=by[:120],
            booked_at=at,
        )
        for side in written
    )


def book_dues(bill: Bill, *, memo: str, by: str, at: datetime, owed: bool = True) -> list[Entry]:
    """Make the books say what the bill says: book the difference to what is booked, against the receivable.

    With `owed` off nothing is owed any more: everything is reversed.
    """
    amounts: dict[date, int] = defaultdict(int, _dues_by_year(bill) if owed else {})
    for booked in dues_booked(bill):
        if booked.for_year_from is None:
            raise ValueError(f"dues of {bill.number} were booked for no year")
        amounts[booked.for_year_from] -= booked.amount_minor
    sides = [Side(Account.DUES, amount, year) for year, amount in sorted(amounts.items())]
    difference = -sum(side.amount_minor for side in sides)
    return book(bill, [Side(Account.RECEIVABLE, difference), *sides], memo=memo, by=by, at=at)


def dues_booked(bill: Bill) -> list[Side]:
    """The income booked for each year so far."""
    rows = Entry.objects.filter(bill=bill, account=Account.DUES).order_by("for_year_from")
    sums = rows.values_list("for_year_from").annotate(Sum("amount_minor"))
    return [Side(Account.DUES, amount, year) for year, amount in sums]


def opened_on(bill: Bill) -> date:
    """The day on which the bill was opened, on the payee's wall."""
    return bill.opened_at.astimezone(ZoneInfo(current().time_zone)).date()


def _dues_by_year(bill: Bill) -> dict[date, int]:
    return {year.from_on: -bill.unit_minor for year in split_years(opened_on(bill), bill.years)}
