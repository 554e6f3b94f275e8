"""Filling tables by the hundred thousand, in SQL, with rows of every kind: for questions over large societies.

Everything follows from a society's number and a running number g, so that a run can be repeated exactly.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db.models import AutoField, CharField, Field, JSONField, Model, TextField
from psycopg.sql import SQL, Composed, Identifier, Literal

from tests.bench.arena import NAME

Connection = psycopg.Connection[tuple[Any, ...]]

SURNAMES = ("李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭")
SOUNDS = [
    "li", "wang", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou",
    "wu", "xu", "sun", "hu", "zhu", "gao", "lin", "he", "guo",
]  # fmt: skip

# What is known of person g of a society; states and months are spread so that no two columns go together.
PEOPLE = """(
    SELECT society, g,
           md5(society || '.' || g)::uuid AS id,
           md5('a' || society || '.' || g)::uuid AS application,
           CASE WHEN g % 100 < 30 THEN 'student' WHEN g % 100 < 80 THEN 'ordinary'
                WHEN g % 100 < 95 THEN 'senior' WHEN g % 100 < 99 THEN 'institutional' ELSE 'honorary' END AS category,
           CASE WHEN g % 100 BETWEEN 95 AND 98 THEN 'institution' ELSE 'person' END AS kind,
           CASE WHEN (g * 7919) % 100 < 78 THEN 'active' WHEN (g * 7919) % 100 < 95 THEN 'lapsed' ELSE 'ended' END
               AS state,
           (ARRAY['branch', 'province', 'member', 'institution', 'headquarters'])[1 + (g / 7) % 5] AS channel,
           CASE WHEN g % 3 = 0 THEN 'R' || society || '-' || lpad(((g * 13) % {codes})::text, 5, '0') ELSE '' END
               AS code,
           (ARRAY[{surnames}])[1 + g % 18] || chr(20013 + (g * 17) % 4000) AS name,
           (ARRAY[{sounds}])[1 + g % 18] || ' ' || to_char(g, 'FM0000000') AS sound,
           DATE '2026-01-01' - ((g * 37) % 3650)::int AS joined_on,
           md5('p' || society || '.' || g) || md5('P' || g) AS phone_hash,
           md5('e' || society || '.' || g) || md5('E' || g) AS email_hash,
           md5('i' || society || '.' || g) || md5('I' || g) AS id_number_hash
    FROM unnest({societies}::text[]) AS society, generate_series(1, {most}) AS g
) AS p"""


def open_filler(server: Any) -> Connection:
    """A superuser's connection, which no trigger and no foreign key holds up."""
    connection = psycopg.connect(server.url(NAME, user=server.superuser), autocommit=True)
    connection.execute("SET session_replication_role = replica")
    return connection


def people(societies: Sequence[str], most: int) -> Composed:
    """The source of rows: people 1 to `most` of each society, named by number; it goes by the name p."""
    return SQL(PEOPLE).format(
        societies=Literal(list(societies)),
        most=Literal(most),
        codes=Literal(max(1, most // 50)),  # each of these codes brought some people
        surnames=SQL(", ").join(Literal(each) for each in SURNAMES),
        sounds=SQL(", ").join(Literal(each) for each in SOUNDS),
    )


def insert(
    connection: Connection,
    model: type[Model],
    schema: str,
    columns: Mapping[str, str],
    source: Composed,
    *,
    where: str = "true",
) -> int:
    """INSERT … SELECT: `columns` are SQL expressions over the source, all others get the model's defaults."""
    fields = {str(field.column): field for field in model._meta.concrete_fields}
    unknown = columns.keys() - fields.keys()
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    wanted: dict[str, SQL | Literal] = {
        name: SQL(columns[name]) if name in columns else _default(field)
        for name, field in fields.items()
        if name in columns or not (field.null or isinstance(field, AutoField))
    }
    return connection.execute(
        SQL("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {}").format(
            Identifier(schema, model._meta.db_table),
            SQL(", ").join(map(Identifier, wanted)),
            SQL(", ").join(wanted.values()),
            source,
            SQL(where),
        )
    ).rowcount


def refresh(connection: Connection, schema: str, *models: type[Model]) -> None:
    """What autovacuum would have done by the time anyone asks."""
    for model in models:
        connection.execute(SQL("VACUUM ANALYZE {}").format(Identifier(schema, model._meta.db_table)))


def _default(field: "Field[Any, Any]") -> Literal:
    if isinstance(field, JSONField):
        return Literal(json.dumps(field.get_default()))
    if field.has_default():
        return Literal(field.get_default())
    if isinstance(field, CharField | TextField) and field.blank:
        return Literal("")
    raise ValueError(f"say what {field} is to hold")
