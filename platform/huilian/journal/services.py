"""Adding to the journal: one chain per society, without gaps, that cannot be changed unnoticed."""

import json
from datetime import datetime

from django.db import connection, transaction

from huilian.journal.chain import canonical, plain
from huilian.journal.models import JournalHead, Record
from huilian.journal.subjects import Subject, subject_of

_ACTOR_LENGTH = 120

# One statement takes the next place, chains the digest and writes the record: a change costs one round trip, and
# whoever waits for the head goes on from the end that the other one left. `chain.digest_of` computes the same.
_APPEND = """
WITH head AS (
    UPDATE journal_journalhead
    SET seq = seq + 1,
        digest = encode(sha256(convert_to(digest || E'\\n' || (seq + 1)::text || E'\\n' || %s, 'UTF8')), 'hex')
    WHERE id = 1
    RETURNING seq, digest
)
INSERT INTO journal_record (seq, at, actor, verb, subject_type, subject_id, reason, facts, digest)
SELECT head.seq, %s, %s, %s, %s, %s, %s, %s::jsonb, head.digest FROM head
RETURNING id, seq, digest
"""


def record(verb: str, subject: Subject, *, by: str, at: datetime, reason: str = "", **facts: object) -> Record:
    """Append one act, e.g. `application.refused`; `by` is an actor as in `actors.actor_of`.

    The end of the chain stays locked until the caller's transaction ends: journal last.
    Facts are plain JSON values, dates and identifiers of rows; never a person's phone, e-mail or ID number.
    """
    subject_type, subject_id = subject_of(subject)
    added = Record(
        at=at,
        actor=by[:_ACTOR_LENGTH],
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        reason=reason,
        facts={name: plain(fact) for name, fact in facts.items()},
    )
    with transaction.atomic(savepoint=False):
        row = _append(added)
        if row is None:
            # The first record of this society. The head's key is given, so that two of them make one chain.
            JournalHead.objects.bulk_create([JournalHead(pk=1)], ignore_conflicts=True)
            row = _append(added)
        if row is None:
            raise RuntimeError("the journal of this society has no head")
    added.pk, added.seq, added.digest = row
    added._state.adding = False
    return added


def _append(added: Record) -> tuple[int, int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                canonical(added),
                added.at,
                added.actor,
                added.verb,
                added.subject_type,
                added.subject_id,
                added.reason,
                json.dumps(added.facts),
            ],
        )
        found: tuple[int, int, str] | None = cursor.fetchone()
    return found
