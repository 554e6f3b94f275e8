"""Reports of members, by the ten thousand in outboxes, and one at a time by the product's own verb."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from psycopg.sql import SQL, Literal

from federation.codec import encode
from federation.contracts import MemberReported
from federation.models import OutboxMessage
from tests.bench.filling import Connection, insert


def member_report(number: str, *, member_id: UUID | None = None) -> MemberReported:
    """A member as a society reports it."""
    return MemberReported(
        member_id=member_id or uuid4(),
        number=number,
        kind="person",
        category="ordinary",
        state="active",
        member_name="李小明",
        sort_key="li xiao ming",
        channel="branch",
        referral_code="",
        phone_hash="0" * 64,
        email_hash="1" * 64,
        id_number_hash="2" * 64,
        joined_on=date(2026, 1, 1),
        from_on=date(2026, 1, 1),
        to_on=date(2027, 1, 1),
        row_version=1,
    )


def fill_outbox(connection: Connection, society: Any, *, first: int, count: int) -> None:
    """`count` reports of different members to headquarters, in this society's outbox, as if committed a moment ago."""
    usual = Literal(json.dumps(encode(member_report(""))))
    source = SQL(
        "(SELECT g, gen_random_uuid() AS id, {}::jsonb AS usual FROM generate_series({}, {}) AS g) AS m"
    ).format(usual, Literal(first), Literal(first + count - 1))
    number = f"'{society.number}' || lpad(m.g::text, 7, '0') || 'P'"
    hashes = ", ".join(f"'{name}_hash', md5('{name}' || m.id) || md5(m.id::text)" for name in ("phone", "email"))
    columns = {
        "message_id": "gen_random_uuid()",
        "receiver": "'100'",
        "type": f"'{MemberReported.name}'",
        "version": str(MemberReported.version),
        "subject": "'member:' || m.id",
        "payload": f"m.usual || jsonb_build_object('member_id', m.id, 'number', {number}, {hashes})",
        "occurred_at": "now()",
    }
    insert(connection, OutboxMessage, society.schema_name, columns, source)
