"""A society's return from a backup: loaded beside the living schema, checked, and put in its place in one step."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier

from kit.errors import Refusal
from tenants.backup import uploads
from tenants.backup.loading import Session, drop_schema, load_beside
from tenants.backup.manifest import Manifest, read_manifest
from tenants.clients import provisioner_session
from tenants.grants import society_grants
from tenants.models import Society
from tenants.opening import create_role, resume_society, suspend_society, tables_of
from tenants.roles import check_schema_name, relay_role, society_login
from tenants.templates import template_of
from tenants.upgrading import societies_behind, upgrade_one

LOCK_TIMEOUT = "10s"
PATIENCE = 20.0  # seconds; a closed society's last requests are over by then
# In the transaction of the swap, on its connection: what must be true before anybody reads the returned schema.
AlongWith = Callable[["psycopg.Connection[Any]", Society, Manifest], None]


@dataclass(slots=True)
class Returned:
    """What a return did: the backup it came from, where the former schema is kept, whether it was upgraded."""

    manifest: Manifest
    kept: str = ""
    upgraded: bool = False
    lost: bool = field(default=False)  # there was no living schema


def restore_society(
    society: Society, *, source: Path, at: datetime, along_with: AlongWith = lambda raw, society, manifest: None
) -> Returned:
    """Put `society` back to the backup in `source`. It is left suspended: the caller heals the border and resumes it.

    Until the swap nothing is touched; if anything fails the living schema stands as it was, open as it was.
    """
    manifest = read_manifest(source)
    schema = check_schema_name(society.schema_name)
    _check_belongs(manifest, society)
    beside = f"{schema}_beside"
    with _alone(society) as session:
        try:
            load_beside(session, source, manifest, schema=beside)
            uploads.lay_beside(source, schema)
            returned = Returned(manifest)
            with _suspended(society):
                _put_in_place(society, manifest, returned, at=at, along_with=along_with)
        except BaseException:
            drop_schema(session, beside)
            uploads.clear_beside(schema)
            raise
    return returned


def kept_schemas(society: Society) -> list[str]:
    """Former schemas of this society that returns have left."""
    raw = _raw()
    former = re.compile(rf"{re.escape(society.schema_name)}_before_\d{{12}}\Z")
    taken = set(Society.objects.using("provisioner").values_list("schema_name", flat=True))
    rows = raw.execute("SELECT nspname FROM pg_namespace ORDER BY nspname").fetchall()
    return [name for (name,) in rows if former.match(str(name)) and name not in taken]


def drop_kept(society: Society) -> list[str]:
    """Drop the former schemas and uploads that returns have left; returns the schemas' names."""
    kept = kept_schemas(society)
    with provisioner_session() as session:
        for schema in kept:
            drop_schema(session, schema)
    uploads.drop_kept(society.schema_name)
    return kept


def _check_belongs(manifest: Manifest, society: Society) -> None:
    if (manifest.number, manifest.schema, manifest.kind) != (society.number, society.schema_name, society.kind):
        raise Refusal(
            "not_its_backup", _("This is the backup of %(theirs)s, not of %(ours)s."),
            theirs=f"{manifest.number} ({manifest.schema})", ours=society.number,
        )  # fmt: skip
    rows = _raw().execute(
        SQL("SELECT app || '.' || name FROM {}").format(Identifier(template_of(society.kind), "django_migrations"))
    )
    unknown = sorted(set(manifest.migrations) - {str(row[0]) for row in rows.fetchall()})
    if unknown:
        raise Refusal(
            "newer_backup",
            _("The backup comes from a newer version: %(migrations)s. Install that version first."),
            migrations=", ".join(unknown),
        )


@contextmanager
def _alone(society: Society) -> Iterator[Session]:
    """A session that holds the right to bring this society back; a second one is refused."""
    with provisioner_session() as session:
        session.autocommit = True
        name = f"return of {society.schema_name}"
        row = session.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (name,)).fetchone()
        if row is None or not row[0]:
            raise Refusal("at_it_already", _("%(number)s is being brought back already."), number=society.number)
        yield session


@contextmanager
def _suspended(society: Society) -> Iterator[None]:
    """Closed from here on; opened again only if what follows fails."""
    state = Society.objects.using("provisioner").values_list("state", flat=True).get(pk=society.pk)
    was_open = state == Society.State.OPEN
    if was_open:
        suspend_society(society)
    try:
        yield
    except BaseException:
        if was_open:
            resume_society(society)
        raise


def _put_in_place(
    society: Society, manifest: Manifest, returned: Returned, *, at: datetime, along_with: AlongWith
) -> None:
    schema = society.schema_name
    kept = f"{schema}_before_{at:%y%m%d%H%M%S}"
    with uploads.swapping(schema, kept) as swap_uploads, transaction.atomic(using="provisioner"):
        raw = _raw()
        raw.execute(SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
        if _exists(raw, schema):
            _set_aside(raw, society, kept)
            returned.kept = kept
        else:
            returned.lost = True
        raw.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(f"{schema}_beside"), Identifier(schema)))
        create_role(schema, society.role_epoch)
        raw.execute(society_grants(schema, tables_of(schema)))
        along_with(raw, society, manifest)
        swap_uploads()
    if not societies_behind([society]):
        return
    problem = upgrade_one(society, at=at).failed.get(society.number)
    if problem is not None:
        _take_back(society, returned)
        raise Refusal("upgrade_failed", _("The backup could not be upgraded: %(problem)s"), problem=problem)
    returned.upgraded = True


def _set_aside(raw: "psycopg.Connection[Any]", society: Society, kept: str) -> None:
    """Rename the living schema once nobody is in the middle of anything; waiting statements go on in the new one."""
    schema = society.schema_name
    _take_all(raw, society)
    raw.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(schema), Identifier(kept)))
    readers = SQL(", ").join([Identifier(society_login(schema, society.role_epoch)[0]), Identifier(relay_role())])
    raw.execute(SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(Identifier(kept), readers))


def _take_all(raw: "psycopg.Connection[Any]", society: Society) -> None:
    """Lock every table at one blow, again and again until it succeeds: who never waits holding cannot deadlock."""
    tables = SQL(", ").join(Identifier(society.schema_name, table) for table in sorted(tables_of(society.schema_name)))
    deadline = monotonic() + PATIENCE
    while True:
        try:
            with raw.transaction():
                raw.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE NOWAIT").format(tables))
            return
        except psycopg.errors.LockNotAvailable:
            if monotonic() > deadline:
                raise Refusal(
                    "busy", _("%(number)s is in the middle of something long: try again."), number=society.number
                ) from None
            sleep(0.02)


def _take_back(society: Society, returned: Returned) -> None:
    """The former schema in its old place again, and the returned one back beside it, to be dropped."""
    schema, kept = society.schema_name, returned.kept
    with transaction.atomic(using="provisioner"), uploads.swapped_back(schema, kept):
        raw = _raw()
        raw.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(schema), Identifier(f"{schema}_beside")))
        if kept:
            raw.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(kept), Identifier(schema)))
            raw.execute(society_grants(schema, tables_of(schema)))


def _exists(raw: "psycopg.Connection[Any]", schema: str) -> bool:
    return raw.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone() is not None


def _raw() -> "psycopg.Connection[Any]":
    connection: Any = connections["provisioner"]
    if connection.schema_name != "public":
        connection.set_schema_to_public()
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    return raw
