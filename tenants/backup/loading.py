"""Putting a dump into the database under another schema's name, checked against its manifest, or not at all."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier

from kit.errors import Refusal
from tenants.backup.manifest import DUMP, Manifest, digest_of_migrations, migrations_of, print_tables
from tenants.clients import client_programs
from tenants.roles import check_schema_name

Session = psycopg.Connection[tuple[Any, ...]]

# Settings of the session that wrote the dump, and words to psql: neither is ours.
_NOT_OURS = re.compile(rb"\\|SET |SELECT pg_catalog\.set_config\(")
_COPY = re.compile(rb"(COPY .+ FROM stdin);\n\Z")
_END = b"\\.\n"


def load_beside(session: Session, folder: Path, manifest: Manifest, *, schema: str) -> None:
    """Make `schema` from the backup in one transaction; Refusal `not_the_same` if it is not what was dumped."""
    with session.transaction():
        session.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
        _replay(session, folder / DUMP, old=check_schema_name(manifest.schema), new=schema)
        _compare(session, manifest, schema)
        tables = SQL(", ").join(Identifier(schema, table) for table in sorted(manifest.tables))
        session.execute(SQL("ANALYZE {}").format(tables))


def drop_schema(session: Session, schema: str) -> None:
    with session.transaction():
        session.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))


def _replay(session: Session, dump: Path, *, old: str, new: str) -> None:
    """Run pg_restore's script; the schema's name is changed in statements and never in rows."""
    name = re.compile(rf"\b{old}\b".encode())
    program = _reader_of(dump)
    command = [program, "--file=-", "--no-owner", "--no-privileges", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as restore:
        if restore.stdout is None or restore.stderr is None:
            raise RuntimeError("pg_restore has no output")
        try:
            lines = iter(restore.stdout)
            statements: list[bytes] = []
            for line in lines:
                if _NOT_OURS.match(line):
                    continue
                line = name.sub(new.encode(), line)
                if found := _COPY.match(line):
                    _run(session, statements)
                    _copy(session, found[1], lines)
                    statements = []
                else:
                    statements.append(line)
            _run(session, statements)
        except BaseException:
            restore.kill()
            raise
        problem = _rest_of(restore.stderr)
    if restore.returncode:
        raise Refusal("unreadable_dump", _("The dump cannot be read: %(problem)s"), problem=problem)


def _run(session: Session, statements: list[bytes]) -> None:
    text = b"".join(statements)
    if any(line.strip() and not line.startswith(b"--") for line in statements):
        session.execute(text)


def _copy(session: Session, statement: bytes, lines: Iterator[bytes]) -> None:
    with session.cursor().copy(statement) as rows:
        for line in lines:
            if line == _END:
                return
            rows.write(line)
        raise Refusal("unreadable_dump", _("The dump ends in the middle of a table."))


def _rest_of(stream: IO[bytes]) -> str:
    return stream.read().decode(errors="replace").strip()


def _reader_of(dump: Path) -> str:
    """The first pg_restore that understands this dump: an older one does not."""
    problem = "no pg_restore found"
    for program in client_programs("pg_restore"):
        done = subprocess.run([program, "--list", str(dump)], capture_output=True, text=True)
        if done.returncode == 0:
            return program
        problem = done.stderr.strip()
    raise Refusal("unreadable_dump", _("The dump cannot be read: %(problem)s"), problem=problem)


def _compare(session: Session, manifest: Manifest, schema: str) -> None:
    found = print_tables(session, schema)
    wrong = sorted(
        name for name in found.keys() | manifest.tables.keys() if found.get(name) != manifest.tables.get(name)
    )
    digest = digest_of_migrations(migrations_of(session, schema)) if found else ""
    if not wrong and digest == manifest.migrations_digest:
        return
    raise Refusal(
        "not_the_same", _("What came back is not what was dumped: %(tables)s."), tables=", ".join(wrong) or "migrations"
    )
