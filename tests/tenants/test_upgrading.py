"""An upgrade reaches every society, by replay, and a replayed schema equals a migrated one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from kit.errors import Refusal
from tenants import rendering, upgrading
from tenants.models import RenderedMigration
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
def one_more(monkeypatch: Any) -> Callable[..., None]:
    """Puts one migration more than is on disk into `notices`."""

    def put(*operations: Any) -> None:
        monkeypatch.setattr(MigrationLoader, "load_disk", one_more_migration("notices", EXTRA, *operations))

    return put


@pytest.fixture
def added_field(one_more: Callable[..., None]) -> None:
    one_more(
        migrations.AddField("notice", "colour", models.CharField(max_length=9, default="red", db_default="red")),
        migrations.AddIndex("notice", models.Index(fields=["colour"], name="notices_colour")),
    )


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
        for (schema,) in [*schemas, ("public",)]:
            admin.execute(f"ALTER TABLE IF EXISTS {schema}.notices_notice DROP COLUMN IF EXISTS colour")
            admin.execute(f"DROP TABLE IF EXISTS {schema}.notices_paint")
            admin.execute(f"DELETE FROM {schema}.django_migrations WHERE name LIKE '{EXTRA}%'")
            if schema != "public":
                admin.execute(f"DELETE FROM {schema}.auth_permission WHERE codename LIKE '%\\_paint'")
                admin.execute(f"DELETE FROM {schema}.django_content_type WHERE model = 'paint'")
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


def schemas_of(cast: Any) -> list[str]:
    """Everywhere an upgrade must have been."""
    cast_schemas = [society.schema_name for society in cast.values()]
    return ["template_headquarters", "template_society", "s_foundry_spoilt", *cast_schemas]


def paint(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("COMMENT ON TABLE notices_notice IS 'painted'")


def test_python_runs_in_every_society(cast: Any, foundry: Any, one_more: Callable[..., None], provisioned: Any) -> None:
    one_more(migrations.RunPython(paint, migrations.RunPython.noop))
    report = upgrade_societies(at=AT)
    assert (report.upgraded, report.failed) == (["100", "101", "199", "201"], {})
    assert set(RenderedMigration.objects.using("provisioner").values_list("name", "statements")) == {(EXTRA, None)}
    with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
        painted = admin.execute(
            "SELECT relnamespace::regnamespace::text FROM pg_class "
            "WHERE relname = 'notices_notice' AND obj_description(oid) = 'painted' ORDER BY 1"
        ).fetchall()
        assert [schema for (schema,) in painted] == sorted(schemas_of(cast))
        for (schema,) in painted:
            admin.execute(f"COMMENT ON TABLE {schema}.notices_notice IS NULL")
    assert upgrade_societies(at=AT).upgraded == []


def test_a_new_model_brings_its_permissions_and_grants(
    cast: Any, foundry: Any, one_more: Callable[..., None], provisioned: Any
) -> None:
    one_more(migrations.CreateModel("Paint", [("id", models.BigAutoField(primary_key=True))]))
    report = upgrade_societies(at=AT)
    assert (report.upgraded, report.failed) == (["100", "101", "199", "201"], {})
    rows = "SELECT array_agg((id, codename)::text ORDER BY id) FROM {}.auth_permission WHERE codename LIKE '%\\_paint'"
    with psycopg.connect(provisioned, dbname=DATABASE) as admin:
        found = {schema: admin.execute(rows.format(schema)).fetchone() for schema in schemas_of(cast)}
        may = admin.execute(
            "SELECT has_table_privilege(rolname, 's_foundry_spoilt.notices_paint', 'INSERT') FROM pg_roles "
            "WHERE rolname LIKE '%\\_s\\_foundry\\_spoilt'"
        ).fetchall()
    assert len({str(each) for each in found.values()}) == 1
    assert "add_paint" in str(found["s_foundry_spoilt"])
    assert may == [(True,)]


def test_one_phase_after_the_other(cast: Any, foundry: Any, monkeypatch: Any, provisioned: Any) -> None:
    """What expands leaves waiting what contracts; what contracts waits for what expands; both at once is asked for."""
    added = migrations.AddField("notice", "colour", models.CharField(max_length=9, null=True))
    monkeypatch.setattr(MigrationLoader, "load_disk", one_more_migration("notices", EXTRA, added))
    gone = one_more_migration("notices", f"{EXTRA}_gone", migrations.RemoveField("notice", "colour"), phase="contract")
    monkeypatch.setattr(MigrationLoader, "load_disk", gone)
    with pytest.raises(Refusal) as refused:
        upgrade_societies(at=AT, phase="contract")
    assert (refused.value.code, refused.value.facts) == ("expand_first", {"migrations": f"notices.{EXTRA}"})
    assert upgrade_societies(at=AT, phase="expand").upgraded == ["100", "101", "199", "201"]
    assert [row[2] for row in catalog(provisioned, "s_foundry_spoilt") if row[2] == "colour"] == ["colour"]
    assert upgrade_societies(at=AT, phase="expand").upgraded == []
    assert societies_behind([foundry]) == []
    later = one_more_migration("notices", f"{EXTRA}_later", migrations.AlterModelOptions("notice", {}))
    with monkeypatch.context() as patched, pytest.raises(Refusal) as refused:
        patched.setattr(MigrationLoader, "load_disk", later)
        upgrade_societies(at=AT, phase="expand")
    assert refused.value.code == "contract_first"
    assert upgrade_societies(at=AT, phase="contract").upgraded == ["100", "101", "199", "201"]
    assert all(row[2] != "colour" for row in catalog(provisioned, "s_foundry_spoilt"))


def test_who_was_killed_before_the_content_types_gets_them(
    cast: Any, foundry: Any, one_more: Callable[..., None], monkeypatch: Any, provisioned: Any
) -> None:
    one_more(migrations.CreateModel("Paint", [("id", models.BigAutoField(primary_key=True))]))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(rendering, "make_content_types", raise_interrupt)
        upgrade_societies(at=AT)
    report = upgrade_societies(at=AT)
    assert (report.upgraded, report.failed) == (["100", "101", "199", "201"], {})
    rows = "SELECT count(*), min(id), max(id) FROM {}.auth_permission WHERE codename LIKE '%\\_paint'"
    with psycopg.connect(provisioned, dbname=DATABASE) as admin:
        found = {admin.execute(rows.format(schema)).fetchone() for schema in schemas_of(cast)}
    assert len(found) == 1 and found.pop()[0] == 4  # type: ignore[index]


def raise_interrupt(*args: Any, **facts: Any) -> None:
    raise KeyboardInterrupt


def test_djangos_way_broken_off_is_finished(
    cast: Any, foundry: Any, one_more: Callable[..., None], monkeypatch: Any, provisioned: Any
) -> None:
    """Nothing is rendered for it, and the process ends between its migration and its grants."""
    one_more(migrations.CreateModel("Paint", [("id", models.BigAutoField(primary_key=True))]))
    upgrade_societies(at=AT)
    with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
        admin.execute("DELETE FROM tenants_renderedmigration")
        admin.execute("DROP TABLE s_foundry_spoilt.notices_paint")
        admin.execute(f"DELETE FROM s_foundry_spoilt.django_migrations WHERE name = '{EXTRA}'")
        admin.execute("DELETE FROM s_foundry_spoilt.auth_permission WHERE codename LIKE '%\\_paint'")
        admin.execute("DELETE FROM s_foundry_spoilt.django_content_type WHERE model = 'paint'")
        finish = upgrading._finish
        calls: list[Any] = []

        def finish_once(society: Any) -> None:
            calls.append(society)
            if len(calls) == 2:
                raise KeyboardInterrupt
            finish(society)

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(upgrading, "_finish", finish_once)
            upgrade_societies(at=AT)
        assert societies_behind([foundry]) == []
        admin.execute("REVOKE INSERT ON s_foundry_spoilt.notices_paint FROM test_huilian_s_foundry_spoilt")
        upgrade_societies(at=AT)
        may = admin.execute(
            "SELECT has_table_privilege('test_huilian_s_foundry_spoilt', 's_foundry_spoilt.notices_paint', 'INSERT')"
        ).fetchone()
        ids = {
            admin.execute(f"SELECT id FROM {schema}.django_content_type WHERE model = 'paint'").fetchone()
            for schema in ("s_foundry_spoilt", "template_headquarters")
        }
    assert may == (True,) and len(ids) == 1
    foundry.refresh_from_db(using="provisioner")
    assert foundry.upgrade_error == ""


def test_templates_lack_nothing(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rendering, "make_content_types", raise_interrupt)
    assert upgrade_societies(at=AT).failed == {}


def test_what_belongs_to_headquarters_alone_costs_no_society_anything(
    foundry: Any, monkeypatch: Any, provisioned: Any
) -> None:
    """A migration that cannot be replayed goes Django's way where it belongs, and is only recorded elsewhere."""
    index = AddIndexConcurrently("case", models.Index(fields=["opened_at"], name="ledger_case_colour"))
    monkeypatch.setattr(MigrationLoader, "load_disk", one_more_migration("ledger", EXTRA, index, atomic=False))
    try:
        report = upgrade_societies(at=AT)
        assert (report.upgraded, report.failed) == (["100", "101", "199", "201"], {})
        rendered = RenderedMigration.objects.using("provisioner").filter(app="ledger", name=EXTRA)
        assert dict(rendered.values_list("template", "statements")) == {
            "template_headquarters": None,
            "template_society": [],
        }
        with psycopg.connect(provisioned, dbname=DATABASE) as admin:
            where = "SELECT schemaname FROM pg_indexes WHERE indexname = 'ledger_case_colour' ORDER BY 1"
            assert admin.execute(where).fetchall() == [("s_hq",), ("template_headquarters",)]
    finally:
        with psycopg.connect(provisioned, dbname=DATABASE, autocommit=True) as admin:
            for schema in ("s_hq", "template_headquarters"):
                admin.execute(f"DROP INDEX IF EXISTS {schema}.ledger_case_colour")
