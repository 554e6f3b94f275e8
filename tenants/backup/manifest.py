"""What a backup says of itself, so that a return can be checked against it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier, Literal

from kit.errors import Refusal

FORMAT = 1
MANIFEST, DUMP, MEDIA = "manifest.json", "society.dump", "media"
# Sessions are as good as passwords: they stay out, and people sign in again after a return.
WITHOUT_ROWS = frozenset({"django_session"})

Prints = dict[str, list[Any]]  # table → [rows, a sum over the hashes of its rows]


@dataclass(frozen=True)
class Manifest:
    """The content of a backup: whose, of when, how many rows of which table, and each file's SHA-256."""

    number: str
    schema: str
    kind: str
    taken_at: str
    migrations: list[str]
    migrations_digest: str
    tables: Prints
    files: dict[str, str]
    excluded: list[str]
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    @property
    def rows(self) -> int:
        return sum(int(count) for count, _sum in self.tables.values())

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder whose files are all there and unchanged; else Refusal `bad_backup`."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        known = manifest.format == FORMAT and bool(manifest.moment) and DUMP in manifest.files
    except (OSError, ValueError, TypeError, AttributeError) as problem:
        raise _bad(folder, f"no readable {MANIFEST} ({type(problem).__name__})") from None
    if not known:
        raise _bad(folder, "written in a format that is not known here")
    for name, digest in sorted(manifest.files.items()):
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise _bad(folder, f"{name} lies outside")
        try:
            found = digest_of_file(folder / name)
        except OSError:
            raise _bad(folder, f"{name} is missing") from None
        if found != digest:
            raise _bad(folder, f"{name} is not what was written")
    return manifest


def digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_migrations(migrations: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(migrations)).encode()).hexdigest()


def print_tables(session: "psycopg.Connection[tuple[Any, ...]]", schema: str) -> Prints:
    """Rows and content of every table: a sum over row hashes, the same whatever the order of the rows."""
    tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", (schema,)).fetchall()
    if not tables:
        return {}
    union = SQL(" UNION ALL ").join(
        SQL("SELECT {}, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} AS t").format(
            Literal(table), Identifier(schema, table)
        )
        for (table,) in tables
    )
    prints = {name: [rows, digest] for name, rows, digest in session.execute(union).fetchall()}
    return {name: [0, "0"] if name in WITHOUT_ROWS else found for name, found in prints.items()}


def migrations_of(session: "psycopg.Connection[tuple[Any, ...]]", schema: str) -> list[str]:
    """`app.name` of every migration a schema has."""
    query = SQL("SELECT app || '.' || name FROM {} ORDER BY 1").format(Identifier(schema, "django_migrations"))
    return [row[0] for row in session.execute(query).fetchall()]


def _bad(folder: Path, problem: str) -> Refusal:
    return Refusal("bad_backup", _("%(folder)s is no whole backup: %(problem)s."), folder=str(folder), problem=problem)
