"""Rows that stand otherwise than their history says: counted, and told to the history as of their last report.

Both change in one transaction, so this finds something only where a program that knew no history wrote the rows:
while an upgrade was under way.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from django.db import connection

from federation.ledger.courses import day_of
from federation.ledger.projecting import PROJECTIONS, Projection
from federation.ledger.remembering import Key, Told, remember

_TOGETHER = 1000
# How `courses` counts a row now, said once more in SQL: tests hold the two against each other.
_NOW = {
    "members": "kind || '|' || category || '|' || state, 0::bigint",
    "applications": "category || '|' || state, 0::bigint",
    "fees": "category || '|' || replace(state, 'reported', 'open') || '|' || currency, amount_minor",
}
_COUNTED = """
SELECT count(*), count(*) FILTER (WHERE (last.cut, last.amount_minor) = (now.cut, now.amount))
  FROM (SELECT society, {id}, {now} FROM {table} WHERE {reporter} = %(reporter)s) AS now (society, row_id, cut, amount)
  LEFT JOIN LATERAL (
    SELECT cut, amount_minor FROM ledger_change AS change
     WHERE change.society = now.society AND change.measure = %(measure)s
       AND change.row_id = now.row_id AND change.reporter = %(reporter)s
     ORDER BY id DESC LIMIT 1) AS last ON true
"""


def rows_remembered(reporter: str) -> dict[str, tuple[int, int]]:
    """How many of a reporter's rows count as their history says, and how many there are; only where these differ."""
    found = {}
    with connection.cursor() as cursor:
        for measure, projection in PROJECTIONS.items():
            teller, key = projection.key
            table = projection.model._meta.db_table
            statement = _COUNTED.format(reporter=teller, id=key, now=_NOW[measure], table=table)
            cursor.execute(statement, {"reporter": reporter, "measure": measure})
            rows, remembered = cursor.fetchone()
            if rows != remembered:
                found[measure] = (remembered, rows)
    return found


def catch_up(reporter: str, *, besides: Collection[str] = ()) -> int:
    """Append to the history what a reporter's rows tell and it does not know; returns how much.

    `besides` names the measures of which rows are wrong here: what these tell is not to be remembered.
    """
    appended = 0
    for measure in rows_remembered(reporter).keys() - set(besides):
        told = _told(PROJECTIONS[measure], reporter)
        while some := dict(islice(told, _TOGETHER)):
            appended += remember(measure, some)
    return appended


def _told(projection: Projection[Any], reporter: str) -> Iterator[tuple[Key, list[Told]]]:
    teller, key = projection.key
    rows: Any = projection.model._default_manager.filter(**{teller: reporter}).order_by("pk")
    for row in rows.iterator(chunk_size=_TOGETHER):
        day = day_of(row.reported_at)
        yield (reporter, getattr(row, key)), [(projection.society(row), projection.course(row, day), day)]
