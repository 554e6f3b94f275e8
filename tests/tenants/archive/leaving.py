"""A society that goes into an archive: how it is taken out, brought in, and looked at."""

from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg.sql import SQL, Identifier

from federation.ledger.models import RollEntry
from tenants import registry
from tenants.backup.manifest import digest_of_file
from tenants.models import Society
from tests.federation_fixture import Federation
from tests.tenants.backup.kept import manage

NUMBER, SCHEMA = "298", "s_leaving"
NEW, NEW_SCHEMA = "297", "s_moved"
WISH = ("--number", NEW, "--slug", "moved", "--owner-email", "owner@moved.example.org", "--reason", "决议 2026/7")


def remove(admin: psycopg.Connection[Any], schema: str) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    connections["provisioner"].close()
    admin.execute(
        "DELETE FROM tenants_domain WHERE tenant_id IN (SELECT id FROM tenants_society WHERE schema_name = %s)",
        (schema,),
    )
    admin.execute("DELETE FROM tenants_society WHERE schema_name = %s", (schema,))
    admin.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
    registry.forget()


def society() -> Society:
    registry.forget()
    return registry.street_map().by_number[NEW]


def export(folder: Path) -> Path:
    manage("export_society", NUMBER, "--to", folder)
    return folder


def roll(federation: Federation) -> set[tuple[Any, ...]]:
    with federation.inside(federation.hq):
        return set(RollEntry.objects.filter(society=NUMBER).values_list("member_id", "number", "state", "version"))


def rewritten(archive: Path, manifest: dict[str, Any], path: Path, text: str) -> None:
    """As somebody would who knows how the manifest is made."""
    path.write_text(text)
    manifest["files"][path.relative_to(archive).as_posix()] = digest_of_file(path)
