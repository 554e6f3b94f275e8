"""Bill numbers, one series a year, e.g. B2026-0000123, and the reference for the remark of the transfer.

Gap policy: no gaps. A serial is taken in the transaction that opens the bill, under a lock on its year's row.
"""

import re

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

from huilian.billing.models import BillSerial
from kit.clean_text import compact
from kit.errors import Refusal

_NEXT = """
INSERT INTO billing_billserial AS serial (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = serial.last + 1
RETURNING last
"""
_NUMBER = re.compile(r"B(?P<year>[0-9]{4})-(?P<serial>[0-9]{7,})")
_TYPED = re.compile(r"B?(?P<year>[0-9]{4})(?P<serial>[0-9]{7,12})")
_REFERENCE = re.compile(r"RF[0-9]{2}(?P<payee>[0-9]{3})(?P<year>[0-9]{4})(?P<serial>[0-9]{7,12})")


def take_serial(year: int) -> int:
    """The next serial of a year; whoever wants one meanwhile waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [year])
        return int(cursor.fetchone()[0])


def give_back_serial(year: int) -> None:
    """Undo `take_serial` in the same transaction: while the row is locked, nobody has taken a later one."""
    BillSerial.objects.filter(year=year).update(last=F("last") - 1)


def bill_number(year: int, serial: int) -> str:
    return f"B{year:04}-{serial:07}"


def payment_reference(number: str, *, payee: str) -> str:
    """What stands in the remark of the transfer: a creditor reference (ISO 11649), e.g. RF3210020260000123.

    It names payee and bill and carries check digits; `payee` is the payee's society number.
    """
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(f"not a bill number: {number!r}")
    body = f"{payee}{found['year']}{found['serial']}"
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def read_bill_number(text: str, *, payee: str) -> str:
    """The bill number that someone typed, or that a reference names.

    Raises Refusal `reference_mistyped`, `reference_of_another_payee` or `bill_number_malformed`, for `text`.
    """
    typed = compact(text[:100]).upper()
    if typed.startswith("RF"):
        found = _REFERENCE.fullmatch(typed)
        if found is None or not iso11649.is_valid(typed):
            raise Refusal(
                "reference_mistyped",
                _("This payment reference has a typing error. Compare it with the bank's statement."),
                field="text",
            )
        if found["payee"] != payee:
            raise Refusal(
                "reference_of_another_payee",
                _("This payment reference belongs to the society with number %(payee)s."),
                field="text",
                payee=found["payee"],
            )
    else:
        found = _TYPED.fullmatch(typed)
        if found is None:
            raise Refusal(
                "bill_number_malformed",
                _("This is neither a bill number (B2026-0000123) nor a payment reference (RF…)."),
                field="text",
            )
    return bill_number(int(found["year"]), int(found["serial"]))
