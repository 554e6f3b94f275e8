"""The verbs of this room: open a bill, choose its years, take notice of money, settle, cancel, report."""

from huilian.billing.services.cancelling import cancel_bill, withdraw_dues
from huilian.billing.services.opening import choose_years, open_bill
from huilian.billing.services.reporting import replay, report_bill
from huilian.billing.services.settling import await_payment, book_settlement, reopen_bill

__all__ = [
    "await_payment",
    "book_settlement",
    "cancel_bill",
    "choose_years",
    "open_bill",
    "reopen_bill",
    "replay",
    "report_bill",
    "withdraw_dues",
]
