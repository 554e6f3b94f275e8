"""The funnel of a code, counted without reading: two people at once make two."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from referrals.models import ReferralCode
from referrals.queries import uses_of
from referrals.rules import used_up
from tenants.context import current

_ADD = """
INSERT INTO referrals_codeday AS counted (code_id, day, scans, applications, members)
SELECT id, %s, %s, %s, %s FROM referrals_referralcode WHERE code = %s AND (max_uses IS NULL OR NOT %s)
ON CONFLICT (code_id, day) DO UPDATE SET
    scans = counted.scans + EXCLUDED.scans,
    applications = counted.applications + EXCLUDED.applications,
    members = counted.members + EXCLUDED.members
"""


def count_scan(code: ReferralCode | str, at: datetime) -> bool:
    """Count someone who followed the link; False if this society has no such code."""
    return _add(code if isinstance(code, str) else code.code, at, scans=1)


def count_application(code_text: str, at: datetime) -> bool:
    """Count an application, in its transaction; raises Refusal `code_used_up` beyond the code's limit.

    The code's day stays locked until the caller's transaction ends: count late.
    """
    if not code_text:
        return False
    if _add(code_text, at, applications=1, unlimited_only=True):
        return True
    with transaction.atomic():
        code = ReferralCode.objects.select_for_update().filter(code=code_text).first()
        if code is None:
            return False
        if code.max_uses is not None and uses_of(code) >= code.max_uses:
            raise used_up(code)
        return _add(code_text, at, applications=1)


def count_member(code_text: str, at: datetime) -> bool:
    """Count someone who became a member; False if this society has no such code."""
    return _add(code_text, at, members=1)


def _add(
    code: str,
    at: datetime,
    *,
    scans: int = 0,
    applications: int = 0,
    members: int = 0,
    unlimited_only: bool = False,
) -> bool:
    day = at.astimezone(ZoneInfo(current().time_zone)).date()
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [day, scans, applications, members, code, unlimited_only])
        return bool(cursor.rowcount)
