"""Minting member numbers.

Gap policy: no gaps. A serial is taken in the transaction that makes the member, under the lock of the one row
that counts; if that transaction fails, the serial was never taken. A number once given stays with its member
for life, and is never given again, whatever becomes of the member.
"""

from django.db import connection
from django.db.models import F

from huilian.members.models import NumberSerial

_ROW = 1  # the key is given, so that two first members cannot begin two series
_NEXT = """
INSERT INTO members_numberserial AS serial (id, last) VALUES (%s, 1)
ON CONFLICT (id) DO UPDATE SET last = serial.last + 1
RETURNING last
"""


def take_serial() -> int:
    """The next serial; whoever wants one meanwhile waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [_ROW])
        return int(cursor.fetchone()[0])


def give_back_serial() -> None:
    """Undo `take_serial` in the same transaction: while the row is locked, nobody has taken a later one."""
    NumberSerial.objects.filter(pk=_ROW).update(last=F("last") - 1)
