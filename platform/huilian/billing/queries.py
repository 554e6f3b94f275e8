"""Questions about bills and about the books."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from huilian.billing.models import Account, Bill, Entry
from huilian.billing.numbering import payment_reference, read_bill_number
from tenants.context import current


@dataclass(frozen=True, slots=True)
class YearIncome:
    """Dues that are income of the years beginning in one calendar year."""

    year: int
    currency: str
    amount_minor: int


def bill_of_application(society: str, application_id: UUID) -> Bill | None:
    """The bill that an application of this society led to; a cancelled one only if there is no other."""
    bills = Bill.objects.filter(society_number=society, application_id=application_id)
    live = bills.exclude(state=Bill.State.CANCELLED).first()
    return live or bills.order_by("-opened_at").first()


def find_bill(text: str) -> Bill | None:
    """The bill whose number or payment reference was typed; raises as `numbering.read_bill_number`."""
    return Bill.objects.filter(number=read_bill_number(text, payee=current().number)).first()


def reference_of(bill: Bill) -> str:
    """The payment reference of a bill of this society."""
    return payment_reference(bill.number, payee=current().number)


def refunds_due() -> QuerySet[Bill]:
    """Bills on which money is to be paid back, with `refund_minor` on each, the oldest first."""
    owed = Sum("entries__amount_minor", filter=Q(entries__account=Account.REFUNDS_DUE))
    return Bill.objects.annotate(refund_minor=-owed).filter(refund_minor__gt=0).order_by("opened_at", "number")


def balances(currency: str = "CNY") -> dict[str, int]:
    """The balance of every account in minor units, debits positive; together they are zero."""
    sums = Entry.objects.filter(currency=currency).order_by().values_list("account").annotate(Sum("amount_minor"))
    return {account.value: 0 for account in Account} | dict(sums)


def income_by_year() -> list[YearIncome]:
    """Dues by the calendar year in which the paid membership year begins."""
    rows = (
        Entry.objects.filter(account=Account.DUES)
        .order_by("for_year_from__year", "currency")
        .values_list("for_year_from__year", "currency")
        .annotate(amount=-Sum("amount_minor"))
    )
    return [YearIncome(*row) for row in rows]


def unbalanced_transactions() -> list[UUID]:
    """Transactions whose sides do not sum to zero: none, or the books are wrong."""
    sums = Entry.objects.order_by().values("transaction_id").annotate(total=Sum("amount_minor"))
    return list(sums.filter(~Q(total=0)).values_list("transaction_id", flat=True))


def bills_out_of_books() -> list[str]:
    """Numbers of bills whose receivable is not what their state says: none, or the books are wrong."""
    receivable = Sum("entries__amount_minor", filter=Q(entries__account=Account.RECEIVABLE), default=0)
    owed = Q(state__in=(Bill.State.OPEN, Bill.State.REPORTED))
    bills = Bill.objects.annotate(receivable=receivable).filter(
        (owed & ~Q(receivable=F("amount_minor"))) | (~owed & ~Q(receivable=0))
    )
    return list(bills.order_by("number").values_list("number", flat=True))


def overdue_bills(on: date) -> QuerySet[Bill]:
    """Open bills whose day has passed."""
    return Bill.objects.filter(state=Bill.State.OPEN, due_on__lt=on).order_by("due_on", "number")


def statement_rows() -> QuerySet[Bill, tuple[UUID, int, str, int]]:
    """`(id, version, state, amount)` of every bill, for the comparison with headquarters' fee book."""
    return Bill.objects.order_by().values_list("id", "version", "state", "amount_minor")
