"""The relay's statements: the only SQL in which two societies meet. Names are composed, values are bound."""

from psycopg.sql import SQL, Composed, Identifier

# One probe of the index per possible receiver. ORDER BY … LIMIT 1 keeps the planner at the index of what is
# undelivered, also while its statistics are those of a busier hour.
RECEIVERS = SQL("""
SELECT number FROM unnest(%(numbers)s::text[]) AS number, LATERAL (
    SELECT FROM {outbox} WHERE delivered_at IS NULL AND receiver = number ORDER BY receiver, id LIMIT 1
) AS first
""")

LOCK_PAIR = SQL("SELECT sequence FROM {head} WHERE receiver = %(receiver)s FOR UPDATE SKIP LOCKED")

# Committed at once, before it is locked: an uncommitted row cannot be skipped by others, they would wait for it.
NEW_PAIR = SQL("""
INSERT INTO {head} (receiver, sequence) VALUES (%(receiver)s, 0)
ON CONFLICT (receiver) DO NOTHING RETURNING receiver
""")

# A sender restored from a backup counts on from what its receiver already has.
LAST_RECEIVED = SQL("SELECT coalesce(max(sequence), 0) FROM {inbox} WHERE sender = %(sender)s")

# One statement moves a batch: either all of it happens or nothing.
CARRY = SQL("""
WITH batch AS MATERIALIZED (
    SELECT id, %(base)s::bigint + row_number() OVER (ORDER BY id) AS sequence
    FROM (
        SELECT id FROM {outbox} WHERE delivered_at IS NULL AND receiver = %(receiver)s
        ORDER BY receiver, id LIMIT %(limit)s
    ) AS oldest
), sent AS (
    UPDATE {outbox} AS message SET sequence = batch.sequence, delivered_at = %(at)s
    FROM batch WHERE message.id = batch.id
    RETURNING message_id, message.sequence, type, version, subject, payload, occurred_at
), arrived AS (
    INSERT INTO {inbox} (message_id, sender, sequence, type, version, subject, payload, occurred_at,
                         received_at, state, attempts, error)
    SELECT message_id, %(sender)s, sequence, type, version, subject, payload, occurred_at,
           %(at)s, 'waiting', 0, ''
    FROM sent ORDER BY sequence
    ON CONFLICT (message_id) DO NOTHING
)
UPDATE {head} SET sequence = %(base)s + (SELECT count(*) FROM sent)
WHERE receiver = %(receiver)s RETURNING sequence - %(base)s
""")

# For the sweep, over many societies at once: has anybody something to send, or something to handle?
SENDS = SQL("""
SELECT {name} FROM (
    SELECT FROM {outbox} WHERE delivered_at IS NULL AND receiver = ANY(%(numbers)s)
    ORDER BY receiver, id LIMIT 1
) AS first
""")
WAITS = SQL("SELECT {name} FROM (SELECT FROM {inbox} WHERE state = 'waiting' ORDER BY id LIMIT 1) AS first")

STRANDED = SQL("""
SELECT receiver FROM {outbox} WHERE delivered_at IS NULL AND receiver <> ALL(%(numbers)s)
ORDER BY receiver, id LIMIT 1
""")

# For the lag page at headquarters: numbers and ages, no content.
SURVEY = SQL("""
SELECT {name}, undelivered, undelivered_since, waiting, waiting_since, parked
FROM (SELECT count(*) AS undelivered, min(occurred_at) AS undelivered_since
      FROM {outbox} WHERE delivered_at IS NULL) AS outgoing,
     (SELECT count(*) AS waiting, min(received_at) AS waiting_since
      FROM {inbox} WHERE state = 'waiting') AS incoming,
     (SELECT count(*) AS parked FROM {inbox} WHERE state = 'parked') AS aside
""")


def between(statement: SQL, *, sender: str, receiver: str) -> Composed:
    """The statement from one schema's outbox to another's inbox."""
    return statement.format(
        outbox=Identifier(sender, "federation_outboxmessage"),
        head=Identifier(sender, "federation_outboxhead"),
        inbox=Identifier(receiver, "federation_inboxmessage"),
    )


def over(statement: SQL, schemas: list[str]) -> Composed:
    """The statement once per schema, all in one round trip."""
    return SQL(" UNION ALL ").join(
        statement.format(
            name=schema,
            outbox=Identifier(schema, "federation_outboxmessage"),
            inbox=Identifier(schema, "federation_inboxmessage"),
        )
        for schema in schemas
    )
