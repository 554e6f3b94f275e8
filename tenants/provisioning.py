"""From an empty server to a database with its roles, its street map and its templates."""

import psycopg
from django.conf import settings
from django.db import connections
from psycopg.sql import SQL, Identifier, Literal

from tenants import grants, templates
from tenants.roles import (
    derived_password,
    provisioner_role,
    relay_role,
    resolver_role,
    scram_verifier,
    societies_group,
)


def create_database(admin_url: str) -> bool:
    """As the server's superuser: the provisioner's role and a database of its own. True if it was new."""
    name, owner = settings.DATABASE_NAME, provisioner_role()
    password = settings.DATABASES["provisioner"]["PASSWORD"]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if not _exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", owner):
            admin.execute(SQL("CREATE ROLE {} LOGIN CREATEROLE").format(Identifier(owner)))
        if password:
            verifier = scram_verifier(admin, owner, password)
            admin.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(owner), Literal(verifier)))
        if _exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", name):
            return False
        admin.execute(
            SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                Identifier(name), Identifier(owner)
            )
        )
        admin.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(Identifier(name)))
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as inside:
        inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        # A society's role has no business with large objects: they belong to no schema.
        for function in ("lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)", "lo_import(text)"):
            inside.execute(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC")
    return True


def prepare_database() -> None:
    """As the provisioner: service roles, street map, templates. Safe to repeat."""
    connection = connections["provisioner"]
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    for role in (resolver_role(), relay_role()):
        if not _exists(raw, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            raw.execute(SQL("CREATE ROLE {} LOGIN CONNECTION LIMIT 100").format(Identifier(role)))
        verifier = scram_verifier(raw, role, derived_password(role))
        raw.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(role), Literal(verifier)))
        raw.execute(SQL("ALTER ROLE {} SET timezone = 'UTC'").format(Identifier(role)))
        raw.execute(SQL("ALTER ROLE {} SET lock_timeout = '5s'").format(Identifier(role)))
    if not _exists(raw, "SELECT 1 FROM pg_roles WHERE rolname = %s", societies_group()):
        raw.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(societies_group())))
    raw.execute(
        SQL("GRANT CONNECT ON DATABASE {} TO {}, {}, {}").format(
            Identifier(settings.DATABASE_NAME),
            Identifier(resolver_role()),
            Identifier(relay_role()),
            Identifier(societies_group()),
        )
    )
    templates.migrate_public()
    raw = connections["provisioner"].connection or _connected()
    raw.execute(grants.registry_grants())
    templates.ensure_templates()


def _connected() -> "psycopg.Connection[tuple[object, ...]]":
    connection = connections["provisioner"]
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    return raw


def _exists(connection: "psycopg.Connection[tuple[object, ...]]", query: str, value: str) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None
