"""An upgrade reaches every society, by replay, and a replayed schema equals a migrated one."""

import re
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tenants.opening import open_society
from tenants.templates import migrate_schema
from tenants.upgrading import societies_behind, upgrade_societies
from tests.environment import DATABASE
from tests.one_more_migration import one_more_migration

AT = datetime(2026, 2, 1, tzinfo=UTC)
EXTRA = "9999_colour"
CATALOG = """
SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, ''), is_identity
FROM information_schema.columns WHERE table_schema = %(s)s
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
FROM pg_constraint WHERE connamespace = %(s)s::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = %(s)s
ORDER BY 1, 2, 3
"""

# PostgreSQL writes casts and brackets of the same expression in another way once it has read its own dump.
WRITING = re.compile(r"::(text|character varying)(\[\])?|[()]")


def catalog(admin_url: str, schema: str) -> list[tuple[str, ...]]:
    with psycopg.connect(admin_url, dbname=DATABASE) as admin:
        rows = admin.execute(CATALOG, {"s": schema}).fetchall()
    return [tuple(WRITING.sub("", str(cell).replace(f"{schema}.", "")) for cell in row) for row in rows]


@pytest.fixture
def added_field(monkeypatch: Any) -> Any:
    """One more migration of `notices` than is on disk: an AddField and an index."""

    load_disk = one_more_migration(
        "notices",
        EXTRA,
        migrations.AddField("notice", "colour", models.CharField(max_length=9, default="red", db_default="red")),
        migrations.AddIndex("notice", models.Index(fields=["colour"], name="notices_colour")),
    )
    monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)


@pytest.fixture
def foundry(cast: Any, provisioned: Any) -> Any:
    """A branch of its own to spoil; the cast's societies are upgraded along and put back by `undo`."""
    society = open_society(
        number="199", slug="foundry-spoilt", kind="branch", name_zh="试验分会", name_en="Trial Branch", at=AT
    )
    yield society
    with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
        admin.execute("DELETE FROM tenants_domain WHERE tenant_id = %s", (society.pk,))
        admin.execute("DELETE FROM tenants_society WHERE id = %s", (society.pk,))
        admin.execute("DROP SCHEMA s_foundry_spoilt CASCADE")
        schemas = admin.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 's\\_%' OR nspname LIKE 'template%'"
        ).fetchall()
        for (schema,) in schemas:
            admin.execute(f"ALTER TABLE {schema}.notices_notice DROP COLUMN IF EXISTS colour")
            admin.execute(f"DELETE FROM {schema}.django_migrations WHERE name = '{EXTRA}'")
        admin.execute("DELETE FROM tenants_renderedmigration")
    from tenants import registry

    registry.forget()


def test_nothing_to_do(cast: Any) -> None:
    report = upgrade_societies(at=AT)
    assert (report.upgraded, report.failed, report.up_to_date) == ([], {}, 3)


def test_replay_equals_migration(foundry: Any, cast: Any, added_field: Any, provisioned: Any) -> None:
    with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA s_migrated AUTHORIZATION test_huilian_provisioner")
    try:
        report = upgrade_societies(at=AT)
        assert report.failed == {}
        assert report.upgraded == ["100", "101", "199", "201"]
        migrate_schema("s_migrated", "branch")
        replayed, migrated = catalog(provisioned, "s_foundry_spoilt"), catalog(provisioned, "s_migrated")
        assert replayed == migrated
        assert any(row[2] == "colour" for row in replayed)
    finally:
        with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
            admin.execute("DROP SCHEMA s_migrated CASCADE")


def test_a_failure_is_recorded_and_the_next_run_goes_on(foundry: Any, added_field: Any, provisioned: Any) -> None:
    with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
        admin.execute("ALTER TABLE s_foundry_spoilt.notices_notice RENAME TO mislaid")
        report = upgrade_societies(at=AT)
        assert list(report.failed) == ["199"]
        assert report.upgraded == ["100", "101", "201"]
        foundry.refresh_from_db(using="provisioner")
        assert "mislaid" in foundry.upgrade_error or "notices_notice" in foundry.upgrade_error
        admin.execute("ALTER TABLE s_foundry_spoilt.mislaid RENAME TO notices_notice")
    report = upgrade_societies(at=AT)
    assert (report.upgraded, report.failed, report.up_to_date) == (["199"], {}, 3)
    foundry.refresh_from_db(using="provisioner")
    assert foundry.upgrade_error == ""
    assert societies_behind([foundry]) == []
