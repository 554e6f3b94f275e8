"""Writing a society down: every table that is its own, in one snapshot, a row a line."""

import json
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.apps import apps
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier, Literal

from kit.errors import Refusal
from tenants.archive.contents import BLANKED, LEFT_OUT, Contents, file_of, key_print
from tenants.archive.packing import written
from tenants.backup import uploads
from tenants.backup.manifest import digest_of_file, migrations_of
from tenants.clients import provisioner_session
from tenants.kinds import HEADQUARTERS
from tenants.models import Society
from tenants.roles import check_schema_name

COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = %s AND is_generated = 'NEVER' GROUP BY table_name ORDER BY table_name
"""
CHUNK = 500  # rows at a time


def export_society(society: Society, *, to: Path, at: datetime) -> Contents:
    """Write rows, uploads and manifest to the folder or tar `to`, which must not exist. No key or secret goes along."""
    if society.kind == HEADQUARTERS:
        raise Refusal("headquarters_stays", _("Headquarters has no other number to go to. Keep it by backups."))
    with written(to) as folder:
        return _write(society, folder, at)


def _write(society: Society, folder: Path, at: datetime) -> Contents:
    schema = check_schema_name(society.schema_name)
    with provisioner_session() as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        tables = {}
        for table, columns in session.execute(COLUMNS, (schema,)).fetchall():
            if table not in LEFT_OUT:
                model = _model_of(table)
                rows = _write_rows(session, schema, table, folder / file_of(model))
                tables[table] = {"model": model, "rows": rows, "columns": columns}
        if not tables:
            raise Refusal("no_schema", _("%(society)s has no schema to back up."), society=society.number)
        migrations = migrations_of(session, schema)
    uploads.copy_out(schema, folder)  # after the rows: whatever they name is there by now
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    contents = Contents(
        number=society.number,
        schema=schema,
        slug=society.slug,
        society_kind=society.kind,
        name_zh=society.name_zh,
        name_en=society.name_en,
        time_zone=society.time_zone,
        taken_at=at.isoformat(),
        key_print=key_print(),
        migrations=migrations,
        tables=tables,
        files={path.relative_to(folder).as_posix(): digest_of_file(path) for path in files},
        left_out=sorted(LEFT_OUT),
        blanked={table: sorted(columns) for table, columns in BLANKED.items()},
    )
    contents.write(folder)
    return contents


def _write_rows(session: "psycopg.Connection[Any]", schema: str, table: str, path: Path) -> int:
    path.parent.mkdir(exist_ok=True)
    count = 0
    query = SQL("SELECT (to_jsonb(t) || {})::text FROM {} AS t ORDER BY 1").format(
        Literal(json.dumps(BLANKED.get(table, {}))), Identifier(schema, table)
    )
    with path.open("w", encoding="utf-8", newline="\n") as file, session.cursor(name="rows") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(query)
        for (line,) in cursor:
            _line(file, line)
            count += 1
    return count


def _line(file: IO[str], row: str) -> None:
    file.write(row)
    file.write("\n")


def _model_of(table: str) -> str:
    """`members.member` for members_member."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return model._meta.label_lower
    return table
