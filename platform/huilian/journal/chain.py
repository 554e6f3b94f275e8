"""The arithmetic of the chain: the same record always gives the same text, and so the same digest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from uuid import UUID

from django.utils.functional import Promise

from huilian.journal.models import Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def digest_of(previous: str, record: Record) -> str:
    """SHA-256 (64 hex digits) of the digest before, the place in the chain and the record's canonical JSON."""
    return hashlib.sha256(f"{previous}\n{record.seq}\n{canonical(record)}".encode()).hexdigest()


def canonical(record: Record) -> str:
    """ASCII JSON with sorted keys; the moment in microseconds since 1970, so that no time zone can change it."""
    content = {
        "at": (record.at - _EPOCH) // timedelta(microseconds=1),
        "actor": record.actor,
        "verb": record.verb,
        "subject_type": record.subject_type,
        "subject_id": record.subject_id,
        "reason": record.reason,
        "facts": record.facts,
    }
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def plain(fact: object) -> object:
    """A fact as JSON keeps it unchanged; a float has no place among facts, and a stranger is refused."""
    if isinstance(fact, Enum):
        return plain(fact.value)
    if fact is None or isinstance(fact, bool | int | str):
        return fact
    if isinstance(fact, datetime | date):
        return fact.isoformat()
    if isinstance(fact, UUID | Promise):
        return str(fact)
    if isinstance(fact, Mapping):
        return {str(name): plain(value) for name, value in fact.items()}
    if isinstance(fact, list | tuple | set | frozenset):
        items = sorted(fact, key=str) if isinstance(fact, set | frozenset) else fact
        return [plain(item) for item in items]
    raise TypeError(f"the journal keeps no {type(fact).__name__}: {fact!r}")
