"""Whether anything at all has changed in a society: every row of every table, seen by the superuser."""

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from tests.environment import DATABASE

Traces = dict[str, tuple[int, int]]  # table → rows, and a sum of their digests


class Watcher:
    """Looks at whole schemas through a connection of its own."""

    def __init__(self, admin_url: str, schemas: list[str]) -> None:
        self._connection = psycopg.connect(admin_url, dbname=DATABASE, autocommit=True)
        tables = self._connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)", (schemas,)
        ).fetchall()
        self._look = SQL(" UNION ALL ").join(
            SQL("SELECT {}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t").format(
                Literal(f"{schema}.{table}"), Identifier(schema, table)
            )
            for schema, table in tables
        )

    def look(self) -> Traces:
        """How all tables stand."""
        rows: list[tuple[Any, ...]] = self._connection.execute(self._look).fetchall()
        return {str(table): (int(count), int(digest)) for table, count, digest in rows}

    def close(self) -> None:
        self._connection.close()


def changes(before: Traces, after: Traces) -> set[str]:
    """The tables that are not as they were."""
    return {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}
