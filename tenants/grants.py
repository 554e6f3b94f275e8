"""What a society's role, the relay and the resolver may do: three tables of privileges."""

from psycopg import sql
from psycopg.sql import SQL, Identifier

from tenants.roles import relay_role, resolver_role, society_login

# What is legally a fact is appended: the role may add and read such rows, never change or delete them.
APPEND_ONLY = frozenset(
    {
        "journal_record",
        "billing_entry",
        "applications_steprecord",
        "referrals_attribution",
        "ledger_change",
        "ledger_decision",
        "ledger_resolution",
        "members_consent",
    }
)
# Kept by the provisioner: the same in every society.
READ_ONLY = frozenset({"django_migrations", "django_content_type", "auth_permission"})
REGISTRY_TABLES = ("tenants_society", "tenants_domain")

ROLE_SETTINGS = {
    "TimeZone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # A process lays idle connections down for a minute; one that nobody came back for is closed by the server.
    "idle_session_timeout": "90s",
    "default_transaction_isolation": "read committed",
}
CONNECTION_LIMIT = 60


def society_grants(schema: str, tables: frozenset[str]) -> sql.Composed:
    """Statements that give a society's role its privileges on its tables, anew and completely."""
    role = Identifier(society_login(schema, 1)[0])
    where = Identifier(schema)
    relay = Identifier(relay_role())
    parts: list[sql.Composable] = [
        SQL("GRANT USAGE ON SCHEMA {} TO {}, {}").format(where, role, relay),
        SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(where, role),
        SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(
            where, role
        ),
    ]
    parts += [
        SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(Identifier(schema, table), role)
        for table in sorted(APPEND_ONLY & tables)
    ]
    parts += [
        SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(Identifier(schema, table), role)
        for table in sorted(READ_ONLY & tables)
    ]
    parts += [
        SQL("GRANT SELECT, UPDATE (sequence, delivered_at) ON {} TO {}").format(
            Identifier(schema, "federation_outboxmessage"), relay
        ),
        SQL("GRANT SELECT, INSERT, UPDATE ON {} TO {}").format(Identifier(schema, "federation_outboxhead"), relay),
        SQL("GRANT SELECT, INSERT ON {} TO {}").format(Identifier(schema, "federation_inboxmessage"), relay),
    ]
    return SQL(";\n").join(parts)


def registry_grants() -> sql.Composed:
    """The resolver and the relay may read the street map."""
    readers = SQL(", ").join([Identifier(resolver_role()), Identifier(relay_role())])
    tables = SQL(", ").join(Identifier("public", table) for table in REGISTRY_TABLES)
    return SQL("GRANT USAGE ON SCHEMA public TO {readers}; GRANT SELECT ON {tables} TO {readers}").format(
        readers=readers, tables=tables
    )
