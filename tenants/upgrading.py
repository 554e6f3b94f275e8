"""Upgrading every society: rendered once on the template, replayed in each, resumable, failures recorded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier, Literal

from tenants.grants import society_grants
from tenants.models import RenderedMigration, Society
from tenants.opening import pin_role, tables_of
from tenants.rendering import Renderer
from tenants.templates import MASTER, TEMPLATES, migrate_schema, template_of

Applied = frozenset[tuple[str, str]]
LOCK_TIMEOUT = "3s"
REPORT = _("%(upgraded)s upgraded, %(current)s up to date, %(failed)s failed")
UNFINISHED = "broke off: run the upgrade again"
DIGEST = "md5(string_agg(app || '.' || name, ',' ORDER BY app, name))"


@dataclass(slots=True)
class Report:
    """What an upgrade did: societies brought up to date, and those it failed in with the reason."""

    upgraded: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    up_to_date: int = 0


def upgrade_societies(
    *,
    at: datetime,
    progress: Callable[[int, int, str], None] = lambda done, of, name: None,
    stop_on_canary: bool = True,
    phase: str = "",
) -> Report:
    """Bring street map, templates and societies up to date, in waves: one, a tenth, the rest.

    With `phase` only by the migrations that expand, or by those that contract (`tenants.phases`). A failure in the
    first wave stops the upgrade; later ones are recorded on the society and passed over. What was done stays done:
    running it again goes on where it stopped.
    """
    Renderer(phase).render_pending()
    report = Report()
    societies = list(Society.objects.using("provisioner").order_by("number"))
    behind = societies_behind(societies)
    report.up_to_date = len(societies) - len(behind)
    rendered = list(RenderedMigration.objects.using("provisioner"))
    _finish_those_broken_off(societies, behind, at=at)
    done = 0
    for wave in waves(behind):
        for society in wave:
            progress(done, len(behind), society.slug)
            _attempt(society, rendered, report)
            done += 1
        _go_djangos_way(wave, report)
        _note_success([society for society in wave if society.number in report.upgraded], at=at)
        if report.failed and stop_on_canary and done == 1:
            break
    progress(done, len(behind), "")
    return report


def upgrade_one(society: Society, *, at: datetime) -> Report:
    """Bring one society up to where its template stands; for one that came back from a backup."""
    report = Report()
    _attempt(society, list(RenderedMigration.objects.using("provisioner")), report)
    _go_djangos_way([society], report)
    if society.number in report.upgraded:
        _note_success([society], at=at)
    return report


def waves(societies: Sequence[Society]) -> Iterable[Sequence[Society]]:
    """One society, then a tenth, then the rest."""
    tenth = max(1, len(societies) // 10)
    yield from (wave for wave in (societies[:1], societies[1 : 1 + tenth], societies[1 + tenth :]) if wave)


def societies_behind(societies: Sequence[Society]) -> list[Society]:
    """One query over every society's migrations: those that do not stand where their template stands."""
    if not societies:
        return []
    schemas = [*TEMPLATES, *(society.schema_name for society in societies)]
    union = SQL(" UNION ALL ").join(
        SQL("SELECT {}, " + DIGEST + " FROM {}").format(Literal(schema), Identifier(schema, "django_migrations"))
        for schema in schemas
    )
    digests: dict[Any, Any] = {row[0]: row[1] for row in _raw().execute(union).fetchall()}
    return [s for s in societies if digests[s.schema_name] != digests[template_of(s.kind)]]


def _attempt(society: Society, rendered: Sequence[RenderedMigration], report: Report) -> None:
    try:
        upgrade_society(society, rendered)
    except Exception as problem:
        _fail(society, problem, report)
    else:
        report.upgraded.append(society.number)


def upgrade_society(society: Society, rendered: Sequence[RenderedMigration]) -> None:
    """Replay what this society lacks: runs of SQL in one transaction each, Python migrations through Django."""
    applied = _applied(society.schema_name)
    template = template_of(society.kind)
    run: list[RenderedMigration] = []
    for migration in rendered:
        if migration.template != template or (migration.app, migration.name) in applied:
            continue
        if migration.statements is not None:
            run.append(migration)
            continue
        _replay(society, run)
        run = []
        migrate_schema(society.schema_name, society.kind, upto=(migration.app, migration.name))
    _replay(society, run)


def _go_djangos_way(wave: Sequence[Society], report: Report) -> None:
    """Who is still behind lacks something never rendered (restored from long ago): Django knows every migration."""
    for society in societies_behind([s for s in wave if s.number in report.upgraded]):
        try:
            _note(society, UNFINISHED)
            _finish(society)  # first, so that what is new in it gets the master's ids
            applied = _applied(society.schema_name)
            for migration in _in_order(template_of(society.kind)):
                if migration not in applied:
                    migrate_schema(society.schema_name, society.kind, upto=migration)
            _finish(society)
        except Exception as problem:
            report.upgraded.remove(society.number)
            _fail(society, problem, report)


def _finish_those_broken_off(societies: Sequence[Society], behind: Sequence[Society], *, at: datetime) -> None:
    """Who was killed on Django's way has its migrations, and perhaps not what belongs to them."""
    late = {society.pk for society in behind}
    for society in societies:
        if society.upgrade_error == UNFINISHED and society.pk not in late:
            _finish(society)
            _note_success([society], at=at)


def _fail(society: Society, problem: Exception, report: Report) -> None:
    report.failed[society.number] = f"{type(problem).__name__}: {problem}"
    _note(society, report.failed[society.number])


def _note(society: Society, error: str) -> None:
    Society.objects.using("provisioner").filter(pk=society.pk).update(upgrade_error=error[:2000])


def _note_success(societies: Sequence[Society], *, at: datetime) -> None:
    pks = [society.pk for society in societies]
    Society.objects.using("provisioner").filter(pk__in=pks).update(upgrade_error="", upgraded_at=at)


def _replay(society: Society, run: Sequence[RenderedMigration]) -> None:
    if not run:
        return
    schema = society.schema_name
    statements = [statement for rendered in run for statement in rendered.statements or ()]
    names = SQL(", ").join(SQL("({}, {}, now())").format(Literal(r.app), Literal(r.name)) for r in run)
    with transaction.atomic(using="provisioner"):
        raw = _raw()
        raw.execute(
            SQL("SET LOCAL lock_timeout = {}; SET LOCAL search_path = {}").format(
                Literal(LOCK_TIMEOUT), Identifier(schema)
            )
        )
        if statements:
            raw.execute("\n".join(statements).encode())
        raw.execute(SQL("INSERT INTO django_migrations (app, name, applied) VALUES {}").format(names))
        raw.execute("SET LOCAL search_path = public")
        if any("CREATE TABLE" in statement for statement in statements):
            _finish(society)


def _finish(society: Society) -> None:
    """Content types, permissions and grants, as the master has them."""
    schema = society.schema_name
    with transaction.atomic(using="provisioner"):
        raw = _raw()
        # Only new models bring new content types, and so only new tables bring new permissions.
        for table in ("django_content_type", "auth_permission"):
            raw.execute(
                SQL("INSERT INTO {} SELECT * FROM {} ON CONFLICT DO NOTHING").format(
                    Identifier(schema, table), Identifier(MASTER, table)
                )
            )
        raw.execute(society_grants(schema, tables_of(schema)))
        pin_role(society)


def _applied(schema: str) -> Applied:
    return frozenset(_in_order(schema))


def _in_order(schema: str) -> list[tuple[str, str]]:
    rows = _raw().execute(SQL("SELECT app, name FROM {} ORDER BY id").format(Identifier(schema, "django_migrations")))
    return [(str(app), str(name)) for app, name in rows.fetchall()]


def _raw() -> "psycopg.Connection[tuple[object, ...]]":
    connection = connections["provisioner"]
    if connection.schema_name != "public":  # type: ignore[attr-defined]
        connection.set_schema_to_public()  # type: ignore[attr-defined]
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    return raw


def counts_of(report: Report) -> dict[str, int]:
    """The figures of `REPORT`."""
    return {"upgraded": len(report.upgraded), "current": report.up_to_date, "failed": len(report.failed)}
