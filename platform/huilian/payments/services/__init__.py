"""The verbs of this room: report a transfer, confirm it, reject it, look at its voucher."""

from huilian.payments.services.deciding import confirm_payment, reject_payment
from huilian.payments.services.reporting import report_remittance
from huilian.payments.services.showing import open_voucher

__all__ = ["confirm_payment", "open_voucher", "reject_payment", "report_remittance"]
