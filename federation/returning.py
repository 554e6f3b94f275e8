"""After a society came back from a backup: what it was told since then is told again, in the old order."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.sql import SQL

from federation.relay_sql import between
from tenants.models import Society

# The relay's clock is read before its transaction ends, and clocks differ: what came earlier is told apart by its id.
MARGIN = timedelta(hours=12)

_AGAIN = SQL("""
WITH again AS (
    UPDATE {outbox} AS message SET sequence = NULL, delivered_at = NULL
    WHERE receiver = %(receiver)s AND delivered_at >= %(since)s
      AND NOT EXISTS (SELECT FROM {inbox} AS had WHERE had.message_id = message.message_id)
    RETURNING 1
)
SELECT count(*) FROM again
""")


def tell_again(connection: "psycopg.Connection[Any]", receiver: Society, *, since: datetime) -> Counter[str]:
    """Let every society deliver to `receiver` once more what its inbox has lost; the count per sender's number.

    For the transaction in which the returned schema takes its place: no newer message may come first.
    """
    told: Counter[str] = Counter()
    for sender in Society.objects.using("provisioner").exclude(state=Society.State.OPENING).order_by("number"):
        if sender.pk == receiver.pk:
            continue  # both ends came back together
        statement = between(_AGAIN, sender=sender.schema_name, receiver=receiver.schema_name)
        facts = {"receiver": receiver.number, "since": since - MARGIN}
        row = connection.execute(statement, facts).fetchone()
        told[sender.number] = row[0] if row else 0
    return +told
