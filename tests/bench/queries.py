"""Counting the queries of a request, over every road that it takes to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Counted(NamedTuple):
    queries: list[str]
    transaction: list[str]  # BEGIN, SAVEPOINT and so on


@contextmanager
def every_query() -> Iterator[Counted]:
    """What is asked in the block, by a society's login and by the resolver's; complete when the block has ended."""
    from django.core.signals import request_started
    from django.db import connections, reset_queries

    looks = [connections[name] for name in ("default", "registry")]
    request_started.disconnect(reset_queries)
    for look in looks:
        look.queries_log.clear()
        look.force_debug_cursor = True
    counted = Counted([], [])
    try:
        yield counted
    finally:
        for look in looks:
            look.force_debug_cursor = False
            for query in look.queries_log:
                word = str(query["sql"]).split(None, 1)[0].upper().rstrip(";")
                (counted.transaction if word in TRANSACTION else counted.queries).append(str(query["sql"]))
        request_started.connect(reset_queries)
