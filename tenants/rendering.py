"""A migration as SQL: written down once, on the template, before the template itself takes it."""

from typing import Any

from django.db import connections
from django.db.migrations import RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.models import Max

from tenants.models import RenderedMigration, Society
from tenants.templates import copy_master_rows, migrate_schema, provisioner_in


def render_pending(template: str, kind: str) -> int:
    """Render and apply what the template lacks; returns how many migrations that were.

    Names of constraints are the same in every schema (they are copies), so SQL that was rendered on the template is
    right everywhere, also where Django looks names up.
    """
    position = _last_position(template)
    replayed_later = Society.objects.using("provisioner").exists()
    with provisioner_in(template, kind) as connection:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return 0
        if replayed_later:
            _render_and_apply(connection, executor, plan, template, position)
    migrate_schema(template, kind)  # applies what is left and sends post_migrate: content types, permissions
    copy_master_rows()
    return len(plan)


def _render_and_apply(
    connection: Any, executor: MigrationExecutor, plan: list[Any], template: str, position: int
) -> None:
    state = executor._create_project_state(  # type: ignore[attr-defined]
        with_applied_migrations=True
    )
    for migration, _backwards in plan:
        position += 1
        statements: list[str] | None = None
        if is_schema_only(migration):
            with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                migration.apply(state.clone(), editor, collect_sql=True)
            statements = [line for line in editor.collected_sql if line and not line.startswith("--")]
        state = executor.migrate([(migration.app_label, migration.name)], plan=[(migration, False)], state=state)
        _write_down(template, position, migration, statements)


def is_schema_only(migration: Migration) -> bool:
    """Whether SQL says all of it: no Python, and nothing that must run outside a transaction."""
    return bool(migration.atomic) and not any(
        isinstance(operation, RunPython | SeparateDatabaseAndState) for operation in migration.operations
    )


def _last_position(template: str) -> int:
    rows = RenderedMigration.objects.using("provisioner").filter(template=template)
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def _write_down(template: str, position: int, migration: Migration, statements: list[str] | None) -> None:
    connection: Any = connections["provisioner"]
    before = connection.tenant
    connection.set_schema_to_public()
    try:
        RenderedMigration.objects.using("provisioner").update_or_create(
            template=template,
            app=migration.app_label,
            name=migration.name,
            defaults={"position": position, "statements": statements},
        )
    finally:
        connection.set_tenant(before, include_public=False)
