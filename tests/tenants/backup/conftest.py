"""A branch of its own to lose and bring back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg.sql import SQL, Identifier

from tenants import registry
from tenants.models import Society
from tenants.opening import open_society
from tests.environment import DATABASE
from tests.federation_fixture import OPENED_AT, Federation, _publish_scheme
from tests.tenants.backup.kept import NUMBER, schemas


@pytest.fixture
def admin(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(admin_url, dbname=DATABASE, autocommit=True) as connection:
        yield connection


@pytest.fixture
def kept(federation: Federation, admin: psycopg.Connection[Any], tmp_path: Path, monkeypatch: Any) -> Iterator[Society]:
    """A branch of its own, with uploads in a folder of its own."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    society = open_society(
        number=NUMBER, slug="kept", kind="branch", name_zh="存档分会", name_en="Kept Branch", at=OPENED_AT
    )
    _publish_scheme({"kept": society})
    yield society
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    connections["provisioner"].close()
    admin.execute("DELETE FROM tenants_domain WHERE tenant_id = %s", (society.pk,))
    admin.execute("DELETE FROM tenants_society WHERE id = %s", (society.pk,))
    for schema in schemas(admin):
        admin.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
    registry.forget()
