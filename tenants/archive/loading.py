"""A fresh society made from an archive, under another number: all of it, or no society."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier

from kit.errors import Refusal
from tenants import registry
from tenants.archive.contents import LEFT_OUT, MEDIA, Contents, damaged, file_of, key_print
from tenants.backup import uploads
from tenants.backup.manifest import migrations_of
from tenants.clients import provisioner_session
from tenants.models import Domain, Society
from tenants.opening import open_society, tables_of
from tenants.phases import phase_of
from tenants.rendering import is_schema_only
from tenants.templates import template_of
from tenants.verdicts import EXPAND

CHUNK = 500  # rows in a statement
SERIALS = """
SELECT attrelid::regclass::text, attname, pg_get_serial_sequence(attrelid::regclass::text, attname)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND attidentity <> ''
"""
# What makes the society its own, done inside it before anybody can enter; if it fails there is no society.
Arrive = Callable[[Society], None]


def check_archive(contents: Contents, *, kind: str) -> None:
    """Whether this installation, at this version, can take the archive; else a Refusal."""
    if contents.key_print != key_print():
        raise Refusal(
            "foreign_archive",
            _("The archive comes from another installation: without its field key the sealed numbers stay sealed."),
        )
    ours, theirs = set(_migrations_here(kind)), set(contents.migrations)
    if unknown := sorted(theirs - ours):
        raise Refusal(
            "newer_archive_rows",
            _("The archive comes from a newer version: %(migrations)s. Install that version first."),
            migrations=", ".join(unknown),
        )
    if missed := sorted(ours - theirs - set(_harmless())):
        raise Refusal(
            "older_archive",
            _(
                "The archive was written before %(migrations)s, which changed rows. Import it into a version of its "
                "own age, and upgrade that."
            ),
            migrations=", ".join(missed),
        )


def import_society(folder: Path, contents: Contents, *, wish: dict[str, str], at: datetime, arrive: Arrive) -> Society:
    """Open the society of `wish` (number, slug, kind, names, time zone) with the archive's rows and uploads.

    Nobody sees it before `arrive` has returned; until then it is being opened, and if the process dies the next import
    under this number clears it away.
    """
    with _alone(wish["number"]):
        check_archive(contents, kind=wish["kind"])
        _clear_what_broke_off(wish["number"])
        society = _load(folder, contents, wish=wish, at=at)
        try:
            registry.forget()
            arrive(society)
        except BaseException:
            clear_away(society)
            raise
        Society.objects.using("provisioner").filter(pk=society.pk).update(state=Society.State.OPEN)
        society.state = Society.State.OPEN
        registry.forget()
    return society


def clear_away(society: Society) -> None:
    """Remove a society that never was open: schema, host and uploads; its role stays, and may do nothing."""
    with transaction.atomic(using="provisioner"):
        if not Society.objects.using("provisioner").filter(pk=society.pk, state=Society.State.OPENING).exists():
            raise RuntimeError(f"{society.number} is in use")
        _raw().execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(society.schema_name)))
        Domain.objects.using("provisioner").filter(tenant_id=society.pk).delete()
        Society.objects.using("provisioner").filter(pk=society.pk).delete()
    uploads.remove_all(society.schema_name)
    registry.forget()


@contextmanager
def _alone(number: str) -> Iterator[None]:
    with provisioner_session() as session:
        session.autocommit = True
        row = session.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"import {number}",)).fetchone()
        if row is None or not row[0]:
            raise Refusal("import_runs", _("%(number)s is being imported already."), number=number)
        yield


def _clear_what_broke_off(number: str) -> None:
    for society in Society.objects.using("provisioner").filter(number=number, state=Society.State.OPENING):
        clear_away(society)


def _load(folder: Path, contents: Contents, *, wish: dict[str, str], at: datetime) -> Society:
    try:
        with ExitStack() as undone_if_not_committed, transaction.atomic(using="provisioner"):
            society = open_society(
                number=wish["number"],
                slug=wish["slug"],
                kind=wish["kind"],
                name_zh=wish["name_zh"],
                name_en=wish["name_en"],
                time_zone=wish["time_zone"],
                at=at,
            )
            Society.objects.using("provisioner").filter(pk=society.pk).update(state=Society.State.OPENING)
            society.state = Society.State.OPENING
            raw = _raw()
            known = tables_of(society.schema_name) - LEFT_OUT.keys()
            for table, told in sorted(contents.tables.items()):
                if table not in known:
                    raise damaged(f"there is no table {table}")
                _load_rows(raw, society.schema_name, table, told, folder / file_of(str(told["model"])))
            _set_serials(raw, society.schema_name)
            raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
            undone_if_not_committed.enter_context(uploads.laid(folder / MEDIA, society.schema_name))
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError, psycopg.errors.ProgrammingError) as problem:
        raise damaged(str(problem).partition("\n")[0]) from None
    return society


def _load_rows(raw: "psycopg.Connection[Any]", schema: str, table: str, told: dict[str, Any], path: Path) -> None:
    names = SQL(", ").join(Identifier(str(column)) for column in told["columns"])
    insert = SQL("INSERT INTO {} ({}) SELECT {} FROM json_populate_recordset(NULL::{}, %s::json)").format(
        Identifier(schema, table), names, names, Identifier(schema, table)
    )
    count = 0
    with path.open(encoding="utf-8") as lines:
        while chunk := list(islice(lines, CHUNK)):
            count += raw.execute(insert, (f"[{','.join(chunk)}]",)).rowcount
    if count != told["rows"]:
        raise damaged(f"{path.name} has {count} rows and not {told['rows']}")


def _set_serials(raw: "psycopg.Connection[Any]", schema: str) -> None:
    for table, column, sequence in raw.execute(SERIALS, (schema,)).fetchall():
        raw.execute(
            SQL("SELECT setval({}::text::regclass, max({})) FROM {} HAVING max({}) IS NOT NULL").format(
                str(sequence), Identifier(str(column)), SQL(str(table)), Identifier(str(column))
            )
        )


def _migrations_here(kind: str) -> list[str]:
    with provisioner_session() as session:
        return migrations_of(session, template_of(kind))


def _harmless() -> list[str]:
    """Migrations that only made room: rows from before them are as good as rows from after them."""
    migrations = MigrationLoader(None).disk_migrations.items()
    return [
        f"{app}.{name}"
        for (app, name), migration in migrations
        if phase_of(migration) == EXPAND
        and is_schema_only(migration)
        and not any(isinstance(operation, RunSQL) for operation in migration.operations)
    ]


def _raw() -> "psycopg.Connection[Any]":
    connection: Any = connections["provisioner"]
    if connection.schema_name != "public":
        connection.set_schema_to_public()
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    return raw
