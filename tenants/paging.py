"""Reading many rows of one society page by page, for answers that go on after the view has returned."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tenants.context import current, inside

PAGE = 2000
Tuples = Sequence[tuple[Any, ...]]


def in_pages(found: "QuerySet[Any]", columns: Sequence[str], *, size: int = PAGE) -> Iterator[Tuples]:
    """These columns of the current society's rows, each row once, in the order of the first: unique and never changed.

    Each page is a query of its own after the last key, in bounded memory and in equal time. While a page is with
    the reader, who may be slow or gone, nothing is held: no society, no transaction, no cursor, no connection.
    """
    key = columns[0]
    return _pages(current(), found.order_by(key).values_list(*columns), key, size)


def _pages(society: Any, rows: "QuerySet[Any, Any]", key: str, size: int) -> Iterator[Tuples]:
    after: Any = None
    while True:
        with inside(society):
            page = list((rows if after is None else rows.filter(**{f"{key}__gt": after}))[:size])
            # The server closes a connection that a slow reader leaves idle: put it back, and take one when needed.
            if not connection.in_atomic_block:
                connection.close()
        if page:
            after = page[-1][0]
            yield page
        if len(page) < size:
            return
