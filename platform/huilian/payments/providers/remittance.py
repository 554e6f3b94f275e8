"""Bank transfer: the payer transfers, uploads the voucher, and the finance office looks into the account."""

from django.utils.translation import gettext_lazy as _

from huilian.billing.models import Bill
from huilian.billing.queries import reference_of
from huilian.payments.providers.base import Invitation, Line
from huilian.schemes.queries import current_scheme
from kit.errors import Refusal
from kit.money import Money, format_money


class Remittance:
    """Offered wherever the scheme names a bank account."""

    code = "remittance"
    name = _("Bank transfer")
    needs_voucher = True

    def is_offered(self) -> bool:
        return current_scheme().remittance is not None

    def invite(self, bill: Bill, *, language: str) -> Invitation:
        """Account, amount and remark of the transfer; Refusal `remittance_unavailable`."""
        account = current_scheme().remittance
        if account is None:
            raise Refusal(
                "remittance_unavailable",
                _("This society has not published a bank account. Please ask its office how to pay."),
                status=409,
            )
        amount, reference = Money(bill.amount_minor, bill.currency), reference_of(bill)
        return Invitation(
            provider=self.code,
            amount=amount,
            reference=reference,
            lines=(
                Line("payee", _("Payee"), account.payee.in_language(language)),
                Line("bank", _("Bank"), account.bank.in_language(language)),
                Line("account", _("Account number"), account.account_number),
                Line("amount", _("Amount"), format_money(amount, language)),
                Line("reference", _("Remark of the transfer"), reference),
            ),
            note=account.note.in_language(language),
        )
