"""Minting member numbers.

Gap policy: no gaps. A serial is taken in the transaction that makes the member, under the lock of the one row
that counts; if that transaction fails, the serial was never taken. A number once given stays with its member
for life, and is never given again, whatever becomes of the member.
"""

from datetime import datetime

from django.db import connection
from django.db.models import F

from huilian.members.models import Member, NumberSerial
from huilian.schemes.numbering import NumberPattern

_ROW = 1  # the key is given, so that two first members cannot begin two series
_NEXT = """
INSERT INTO members_numberserial AS serial (id, last) VALUES (%s, 1)
ON CONFLICT (id) DO UPDATE SET last = serial.last + 1
RETURNING last
"""
_RENUMBER = "UPDATE members_member SET number = %s, version = version + 1, updated_at = %s WHERE number = %s"


def take_serial() -> int:
    """The next serial; whoever wants one meanwhile waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [_ROW])
        return int(cursor.fetchone()[0])


def give_back_serial() -> None:
    """Undo `take_serial` in the same transaction: while the row is locked, nobody has taken a later one."""
    NumberSerial.objects.filter(pk=_ROW).update(last=F("last") - 1)


def renumber(pattern: NumberPattern, *, old: str, new: str, at: datetime) -> dict[str, str]:
    """Give each member the same serial and letter under another society's number; {number before: number now}.

    Numbers of another shape stay as they are.
    """
    changed: dict[str, str] = {}
    for number in Member.objects.order_by("number").values_list("number", flat=True):
        parts = pattern.parse(number)
        if parts is not None and int(parts[0]) == int(old):
            changed[number] = pattern.format(new, parts[1], parts[2])
    with connection.cursor() as cursor:
        cursor.executemany(_RENUMBER, [(after, at, before) for before, after in changed.items()])
    return changed
