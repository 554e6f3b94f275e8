"""Taking a backup: one snapshot for the counts and the dump, written aside and renamed when it is whole."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal
from tenants.backup import uploads
from tenants.backup.manifest import (
    DUMP,
    WITHOUT_ROWS,
    Manifest,
    digest_of_file,
    digest_of_migrations,
    migrations_of,
    print_tables,
)
from tenants.clients import client_environment, client_programs, provisioner_session
from tenants.models import Domain, Society
from tenants.roles import check_schema_name

REGISTRY = "registry.json"


def backup_society(society: Society, *, to: Path, at: datetime) -> Manifest:
    """Write schema, uploads and manifest into the folder `to`, which must not exist yet. No key goes along."""
    with written_aside(to) as folder:
        manifest = _write(society, folder, at)
    _note([society.number], at=at)
    return manifest


def backup_federation(
    *, to: Path, at: datetime, progress: Callable[[int, int, str], None] = lambda done, of, name: None
) -> list[Manifest]:
    """Every society in a folder named by its number, and the street map; all of it or no folder."""
    societies = list(Society.objects.using("provisioner").exclude(state=Society.State.OPENING).order_by("number"))
    written = []
    with written_aside(to) as folder:
        for done, society in enumerate(societies):
            progress(done, len(societies), society.slug)
            place = folder / society.number
            place.mkdir(mode=0o700)
            written.append(_write(society, place, at))
        rows = {
            "societies": list(Society.objects.using("provisioner").order_by("number").values()),
            "domains": list(Domain.objects.using("provisioner").order_by("pk").values()),
        }
        (folder / REGISTRY).write_text(json.dumps(rows, default=str, ensure_ascii=False, indent=1), encoding="utf-8")
    _note([society.number for society in societies], at=at)
    progress(len(societies), len(societies), "")
    return written


def _note(numbers: list[str], *, at: datetime) -> None:
    """The street map knows how old each society's last whole backup is."""
    Society.objects.using("provisioner").filter(number__in=numbers).update(backed_up_at=at)


def _write(society: Society, folder: Path, at: datetime) -> Manifest:
    schema = check_schema_name(society.schema_name)
    with provisioner_session() as session:
        # The dump and the counts see the same moment, however busy the society is.
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = session.execute(
            "SELECT pg_export_snapshot(), to_regclass(%s)", (f"{schema}.django_migrations",)
        ).fetchone()
        if row is None or row[1] is None:
            raise Refusal("no_schema", _("%(society)s has no schema to back up."), society=society.number)
        _dump(schema, folder / DUMP, snapshot=row[0])
        tables, migrations = print_tables(session, schema), migrations_of(session, schema)
    # After the rows: whatever a row of the dump names is there by now.
    uploads.copy_out(schema, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        number=society.number,
        schema=schema,
        kind=society.kind,
        taken_at=at.isoformat(),
        migrations=migrations,
        migrations_digest=digest_of_migrations(migrations),
        tables=tables,
        files={path.relative_to(folder).as_posix(): digest_of_file(path) for path in files},
        excluded=sorted(WITHOUT_ROWS),
    )
    manifest.write(folder)
    return manifest


def _dump(schema: str, file: Path, *, snapshot: Any) -> None:
    wishes = ["-Fc", f"--schema={schema}", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={file}"]
    wishes += [f"--exclude-table-data={schema}.{table}" for table in sorted(WITHOUT_ROWS)]
    problem = "no pg_dump found"
    for program in client_programs("pg_dump"):
        done = subprocess.run([program, *wishes], env=client_environment(), capture_output=True, text=True)
        if done.returncode == 0:
            return
        problem = done.stderr.strip()
    raise Refusal("no_pg_dump", _("The society cannot be read: %(problem)s"), problem=problem)


@contextmanager
def written_aside(to: Path) -> Iterator[Path]:
    """A private folder beside `to` that takes its name when all is written, and vanishes when something fails."""
    if to.exists():
        raise Refusal("folder_exists", _("%(folder)s exists already: name a new folder."), folder=str(to))
    aside = to.with_name(f"{to.name}.part-{os.getpid()}")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        aside.mkdir(mode=0o700)
    except OSError as problem:
        raise Refusal(
            "no_folder", _("%(folder)s cannot be made: %(why)s"), folder=str(to), why=problem.strerror
        ) from None
    try:
        yield aside
        aside.rename(to)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
