"""The societies' own books of the same people as in headquarters' books, row by row."""

from collections.abc import Sequence
from typing import Any

from psycopg.sql import SQL, Identifier, Literal

from huilian.applications.models import Application
from huilian.billing.models import Bill
from huilian.members.models import Member
from tests.bench.filling import Connection, insert, refresh

_HASHES = {name: f"e.{name}" for name in ("phone_hash", "email_hash", "id_number_hash")}

MEMBERS = {
    "id": "e.member_id",
    "number": "e.number",
    "kind": "e.kind",
    "category": "e.category",
    "state": "e.state",
    "name": "e.name",
    "sort_key": "e.sort_key",
    "phone": "'+86139' || lpad(e.id::text, 8, '0')",
    "email": "'member' || e.id || '@example.org'",
    **_HASHES,
    "channel": "e.channel",
    "referral_code": "e.referral_code",
    "joined_on": "e.joined_on",
    "from_on": "e.from_on",
    "to_on": "e.to_on",
    "updated_at": "e.reported_at",
}
APPLICATIONS = {
    "id": "e.application_id",
    "reference": "e.reference",
    "category": "e.category",
    "kind": "e.kind",
    "scheme_version": "1",
    "state": "e.state",
    "step_index": "CASE WHEN e.step = '' THEN -1 ELSE 0 END",
    "step": "e.step",
    "step_actor": """CASE e.step WHEN 'endorse' THEN 'society' WHEN 'pay' THEN 'applicant' WHEN '' THEN ''
        ELSE 'headquarters' END""",
    "channel": "e.channel",
    "referral_code": "e.referral_code",
    "name": "'申请人' || e.id",
    "phone": "'+86139' || lpad(e.id::text, 8, '0')",
    **_HASHES,
    "created_at": "e.submitted_at",
    "submitted_at": "e.submitted_at",
    "version": "e.version",
}
BILLS = {
    "id": "e.bill_id",
    "number": "e.number",
    "society_number": "e.society",
    "application_id": "md5('a' || e.bill_id)::uuid",
    "payer_name": "'付款人'",
    "category": "e.category",
    "unit_minor": "e.amount_minor",
    "amount_minor": "e.amount_minor",
    "currency": "e.currency",
    "scheme_version": "1",
    "state": "e.state",
    "opened_at": "e.opened_at",
    "settled_at": "e.settled_at",
    "version": "e.version",
}


def fill_societies(connection: Connection, headquarters: Any, societies: Sequence[Any]) -> None:
    """Copy members and applications into each society, from headquarters' books that were filled before."""
    for society in societies:
        where = SQL("e.society = {}").format(Literal(society.number)).as_string()
        for model, columns, table in (
            (Member, MEMBERS, "ledger_rollentry"),
            (Application, APPLICATIONS, "ledger_applicationentry"),
        ):
            source = SQL("{} AS e").format(Identifier(headquarters.schema_name, table))
            insert(connection, model, society.schema_name, columns, source, where=where)
        refresh(connection, society.schema_name, Member, Application)


def fill_bills(connection: Connection, headquarters: Any) -> None:
    """Headquarters' own bills: it is the payee of all."""
    schema = headquarters.schema_name
    connection.execute(SQL("TRUNCATE {} CASCADE").format(Identifier(schema, Bill._meta.db_table)))
    insert(connection, Bill, schema, BILLS, SQL("{} AS e").format(Identifier(schema, "ledger_feeentry")))
    refresh(connection, schema, Bill)
