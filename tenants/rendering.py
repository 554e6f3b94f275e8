"""A migration as SQL: written down once, on a template that takes it the same way as every society will."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connections, router, transaction
from django.db.migrations import RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RunSQL,
)
from django.db.models import Max

from tenants.models import RenderedMigration, Society
from tenants.phases import of_phase
from tenants.templates import (
    TEMPLATES,
    copy_master_rows,
    lacks_content_types,
    last_migration,
    make_content_types,
    migrate_public,
    migrate_schema,
    provisioner_in,
)

PROVISIONER = "provisioner"
# No model comes, goes or changes its permissions by these, so there is nothing to be made after them.
QUIET = (AddField, AlterField, RemoveField, AddIndex, RemoveIndex, AddConstraint, RemoveConstraint, RunSQL)


@dataclass(slots=True)
class Renderer:
    """Brings street map and templates up to date, in one phase or in both, and writes down what societies replay."""

    phase: str = ""
    _known: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def render_pending(self) -> None:
        """Take every migration on disk that is not taken yet; nothing is done where there is none."""
        self._record_elsewhere()
        for template, kind in TEMPLATES.items():
            self._bring_up(template, kind)

    def _record_elsewhere(self) -> None:
        """The street map's schema takes its own app's migrations; those of societies are only recorded there."""
        connection: Any = connections[PROVISIONER]
        connection.set_schema_to_public()
        executor, plan = self._plan(connection)
        if not self.phase and any(router.allow_migrate(PROVISIONER, migration.app_label) for migration in plan):
            migrate_public()
            return
        for migration in plan:
            if router.allow_migrate(PROVISIONER, migration.app_label):
                migrate_public(upto=(migration.app_label, migration.name))
            else:
                executor.recorder.record_applied(migration.app_label, migration.name)

    def _bring_up(self, template: str, kind: str) -> None:
        # Without a society nobody replays, and Django's own way makes a template.
        if not Society.objects.using(PROVISIONER).exists():
            migrate_schema(template, kind)
            copy_master_rows()
            return
        with provisioner_in(template, kind) as connection:
            executor, plan = self._plan(connection)
            state = executor._create_project_state(with_applied_migrations=True)
        position = _last_position(template)
        for migration in plan:
            position += 1
            statements = None
            with provisioner_in(template, kind) as connection:
                # Of what does not belong here nothing is to be done, however it is done elsewhere.
                if is_schema_only(migration) or not router.allow_migrate(PROVISIONER, migration.app_label):
                    statements = self._render(connection, migration, state)
                    _take(executor, connection, migration, statements)
            if statements is None:
                migration.mutate_state(state, preserve=False)
                migrate_schema(template, kind, upto=(migration.app_label, migration.name))
            _write_down(template, position, migration, statements)
        quiet = all(isinstance(operation, QUIET) for migration in plan for operation in migration.operations)
        if not quiet or lacks_content_types(template, _models(state)):
            make_content_types(template, kind, upto=last_migration(template))

    def _plan(self, connection: Any) -> tuple[Any, list[Migration]]:
        """What this schema lacks of the phase, in order."""
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return executor, of_phase(self.phase, [migration for migration, _backwards in pending])

    def _render(self, connection: Any, migration: Migration, state: Any) -> list[str]:
        """Its SQL, and the state after it; the same on every template, whose constraints have the same names."""
        key = (migration.app_label, migration.name)
        belongs = router.allow_migrate(PROVISIONER, migration.app_label)
        if belongs and key not in self._known:
            with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                migration.apply(state, editor, collect_sql=True)
            self._known[key] = [line for line in editor.collected_sql if line and not line.startswith("--")]
        else:
            migration.mutate_state(state, preserve=False)
        return self._known[key] if belongs else []


def _models(state: Any) -> set[tuple[str, str]]:
    """(app, model) of all that have a content type: another model stands in for one that is swapped out."""
    return {key for key, model in state.models.items() if not _swapped(model)}


def _swapped(model: Any) -> bool:
    setting = model.options.get("swappable", "")
    return bool(setting) and str(getattr(settings, setting)).lower() != f"{model.app_label}.{model.name_lower}"


def is_schema_only(migration: Migration) -> bool:
    """Whether SQL says all of it: no Python, and nothing that must run outside a transaction."""
    return bool(migration.atomic) and not any(
        isinstance(operation, RunPython | SeparateDatabaseAndState) for operation in migration.operations
    )


def _take(executor: Any, connection: Any, migration: Migration, statements: list[str]) -> None:
    with transaction.atomic(using=PROVISIONER):
        if statements:
            with connection.cursor() as cursor:
                cursor.execute("\n".join(statements))
        executor.recorder.record_applied(migration.app_label, migration.name)


def _last_position(template: str) -> int:
    rows = RenderedMigration.objects.using(PROVISIONER).filter(template=template)
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def _write_down(template: str, position: int, migration: Migration, statements: list[str] | None) -> None:
    RenderedMigration.objects.using(PROVISIONER).update_or_create(
        template=template,
        app=migration.app_label,
        name=migration.name,
        defaults={"position": position, "statements": statements},
    )
