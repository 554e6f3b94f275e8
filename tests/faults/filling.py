"""`python -m tests.faults.filling SOCIETY FIRST LAST`: members by the thousand, and headquarters is told of them."""

import sys

import django
from django.db import transaction
from psycopg.sql import SQL, Identifier

MEMBERS = {
    "id": "p.id",
    "number": "p.society || lpad((p.g + 1000000)::text, 7, '0') || 'P'",
    "kind": "p.kind",
    "category": "p.category",
    "state": "p.state",
    "name": "p.name",
    "sort_key": "p.sound",
    "phone": "'+86139' || lpad(p.g::text, 8, '0')",
    "phone_hash": "p.phone_hash",
    "email_hash": "p.email_hash",
    "id_number_hash": "p.id_number_hash",
    "channel": "p.channel",
    "referral_code": "p.code",
    "joined_on": "p.joined_on",
    "from_on": "p.joined_on",
    "to_on": "p.joined_on + 3650",
    "updated_at": "TIMESTAMPTZ '2026-01-01'",
}
YEARS = {"member_id": "p.id", "category": "p.category", "from_on": "p.joined_on", "to_on": "p.joined_on + 3650"}
CHUNK = 500


def fill(slug: str, first: int, last: int) -> None:
    """Members `first` to `last` of a society with a year each, told to headquarters as the product tells them."""
    from huilian.members.models import EntitlementYear, Member
    from huilian.members.services import replay
    from tenants.clients import provisioner_session
    from tenants.context import inside
    from tenants.registry import street_map
    from tests.bench.filling import insert, people

    society = next(each for each in street_map().by_number.values() if each.slug == slug)
    where = f"p.g >= {first}"
    with provisioner_session() as session:
        for model, columns in ((Member, MEMBERS), (EntitlementYear, YEARS)):
            insert(session, model, society.schema_name, columns, people([society.number], last), where=where)
        ids = session.execute(
            SQL("SELECT id FROM {} ORDER BY number DESC LIMIT %s").format(
                Identifier(society.schema_name, "members_member")
            ),
            (last - first + 1,),
        ).fetchall()
    keys = sorted(row[0] for row in ids)
    with inside(society):
        for start in range(0, len(keys), CHUNK):
            with transaction.atomic():
                replay(keys[start : start + CHUNK])


if __name__ == "__main__":
    django.setup()
    fill(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
