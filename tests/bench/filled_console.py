"""What else a console lists: journal, referral codes and their days, payments to be confirmed."""

from typing import Any

from psycopg.sql import SQL, Identifier, Literal

from huilian.journal.models import Record
from huilian.payments.models import PaymentAttempt
from referrals.models import CodeDay, ReferralCode
from tests.bench.filling import Connection, insert, refresh

_RECORDS = {
    "seq": "1000000 + n.g",
    "at": "TIMESTAMPTZ '2026-01-01' - n.g * INTERVAL '20 minutes'",
    "actor": "'user:' || n.g % 5 || ' 冯登记'",
    "verb": "(ARRAY['application.submitted', 'application.endorsed', 'code.minted', 'member.searched'])[1 + n.g % 4]",
    "subject_type": "'application'",
    "subject_id": "n.g::text",
    "digest": "md5(n.g::text) || md5('j' || n.g)",
}
_CODES = {
    "id": "md5('c' || n.g)::uuid",
    "code": "'BENCH-' || lpad(n.g::text, 6, '0')",
    "kind": "'society'",
    "label": "'年会展台' || n.g",
    "created_at": "TIMESTAMPTZ '2025-12-01' - n.g * INTERVAL '1 hour'",
}
_DAYS = {
    "code_id": "c.id",
    "day": "DATE '2025-12-31' - day.number",
    "scans": "10 + day.number",
    "applications": "day.number % 5",
    "members": "day.number % 3",
}
_ATTEMPTS = {
    "id": "md5('t' || b.id)::uuid",
    "bill_id": "b.id",
    "provider": "'remittance'",
    "amount_minor": "b.amount_minor",
    "currency": "b.currency",
    "state": "'reported'",
    "payer_name": "b.payer_name",
    "transferred_on": "b.opened_at::date",
    "voucher": "'vouchers/' || b.number",
    "voucher_sha256": "md5(b.number) || md5('v' || b.number)",
    "reported_at": "b.opened_at",
}


def fill_console(connection: Connection, society: Any, *, records: int, codes: int) -> None:
    """A journal and a list of campaigns, each campaign with thirty days of scans."""
    schema = society.schema_name
    insert(connection, Record, schema, _RECORDS, _numbers(records))
    insert(connection, ReferralCode, schema, _CODES, _numbers(codes))
    days = SQL("{} AS c, generate_series(1, 30) AS day(number)").format(Identifier(schema, "referrals_referralcode"))
    insert(connection, CodeDay, schema, _DAYS, days, where="c.kind = 'society'")
    refresh(connection, schema, Record, ReferralCode, CodeDay)


def fill_payments(connection: Connection, headquarters: Any) -> None:
    """A voucher for each bill that is said to be paid."""
    schema = headquarters.schema_name
    source = SQL("{} AS b").format(Identifier(schema, "billing_bill"))
    insert(connection, PaymentAttempt, schema, _ATTEMPTS, source, where="b.state = 'reported'")
    refresh(connection, schema, PaymentAttempt)


def _numbers(most: int) -> Any:
    return SQL("generate_series(1, {}) AS n(g)").format(Literal(most))
