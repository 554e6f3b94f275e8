"""The two schemas that every society is a replay of, and the script that replays them."""

import re
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import get_tenant_base_migrate_command_class

from kit.errors import Refusal
from tenants.clients import client_environment, client_programs
from tenants.kinds import BRANCH, HEADQUARTERS
from tenants.replaying import compact
from tenants.roles import check_schema_name

TEMPLATES = {"template_headquarters": HEADQUARTERS, "template_society": BRANCH}
# Content types and permissions are made once, here, so that their ids are the same in every schema.
MASTER = "template_headquarters"
_scripts: dict[tuple[str, str], str] = {}


def template_of(kind: str) -> str:
    return "template_headquarters" if kind == HEADQUARTERS else "template_society"


@contextmanager
def provisioner_in(schema: str, kind: str) -> Iterator[Any]:
    """The provisioner's connection with exactly this schema on its search path."""
    connection: Any = connections["provisioner"]
    connection.set_schema(schema, include_public=False, tenant_type=kind)
    try:
        yield connection
    finally:
        connection.set_schema_to_public()


def migrate_public(upto: tuple[str, str] | None = None) -> None:
    """Bring the street map's tables up to date, or up to (app, name)."""
    connection: Any = connections["provisioner"]
    connection.set_schema_to_public()
    _migrate(*(upto or (None, None)))


def ensure_templates() -> None:
    """Make the templates if they are not there; bringing them up to date is the upgrade's work."""
    for schema, kind in TEMPLATES.items():
        connection: Any = connections["provisioner"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [f"{schema}.django_migrations"])
            if cursor.fetchone()[0] is None:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {check_schema_name(schema)}")
                migrate_schema(schema, kind)
    copy_master_rows()


def migrate_schema(schema: str, kind: str, upto: tuple[str, str] | None = None) -> None:
    """Run Django's own migrations in one schema, all or up to (app, name)."""
    with provisioner_in(schema, kind) as connection:
        MigrationRecorder(connection).ensure_schema()
        _migrate(*(upto or (None, None)))


def make_content_types(template: str, kind: str, upto: tuple[str, str]) -> None:
    """Content types and permissions of a template's models, all or none: what Django does after migrations.

    `upto` is the last migration it has; nothing is left to apply.
    """
    with provisioner_in(template, kind), transaction.atomic(using="provisioner"):
        _migrate(*upto)
    copy_master_rows()


def _migrate(app: str | None = None, name: str | None = None) -> None:
    command = get_tenant_base_migrate_command_class()()
    command.execute(
        database="provisioner",
        interactive=False,
        verbosity=0,
        app_label=app,
        migration_name=name,
        fake=False,
        fake_initial=False,
        plan=False,
        check_unapplied=False,
        run_syncdb=False,
        prune=False,
        skip_checks=True,
        force_color=False,
        no_color=True,
    )


def lacks_content_types(template: str, models: Collection[tuple[str, str]]) -> bool:
    """Whether one of these (app, model) has no content type in a template: an upgrade broke off before them."""
    with connections["provisioner"].cursor() as cursor:
        cursor.execute(f"SELECT app_label, model FROM {template}.django_content_type")
        return not set(models) <= set(cursor.fetchall())


def last_migration(schema: str) -> tuple[str, str]:
    """The newest that a schema has: (app, name)."""
    with connections["provisioner"].cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {schema}.django_migrations ORDER BY id DESC LIMIT 1")
        app, name = cursor.fetchone()
    return str(app), str(name)


def copy_master_rows() -> None:
    """Give the society template the very rows (and ids) of content types and permissions of the master."""
    other = "template_society"
    with connections["provisioner"].cursor() as cursor:
        cursor.execute(
            f"""
            BEGIN;
            DELETE FROM {other}.auth_permission; DELETE FROM {other}.django_content_type;
            INSERT INTO {other}.django_content_type SELECT * FROM {MASTER}.django_content_type;
            INSERT INTO {other}.auth_permission SELECT * FROM {MASTER}.auth_permission;
            COMMIT
            """
        )


def state_of(template: str) -> str:
    """A digest of the migrations and permissions in a template: while it stands, so does its script."""
    with connections["provisioner"].cursor() as cursor:
        cursor.execute(
            f"SELECT md5(string_agg(app || '.' || name, ',' ORDER BY id)) || "
            f"(SELECT md5(string_agg(id::text || codename, ',' ORDER BY id)) FROM {template}.auth_permission) "
            f"FROM {template}.django_migrations"
        )
        row = cursor.fetchone()
    return str(row[0])


def replay_script(kind: str, schema: str) -> str:
    """SQL that creates `schema` as an exact copy of its kind's template, as one transaction's worth of statements."""
    template = template_of(kind)
    key = (template, state_of(template))
    if key not in _scripts:
        _scripts.clear()
        _scripts[key] = _dump(template)
    return re.sub(rf"\b{template}\b", check_schema_name(schema), _scripts[key])


def _dump(template: str) -> str:
    problem = "no pg_dump found"
    for program in client_programs("pg_dump"):
        done = subprocess.run(
            [program, f"--schema={template}", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=500"],
            env=client_environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return compact(done.stdout)
        problem = done.stderr.strip()
    raise Refusal("no_pg_dump", _("The template cannot be read: %(problem)s"), problem=problem)
