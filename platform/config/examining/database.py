"""Mistakes that the database shows. Asked as the resolver, who may read the catalogue, and as each society."""

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

import psycopg
from django.db import DatabaseError, connection, connections, transaction

from config.examining.examination import Answer, Fault
from config.sight.faults import kind_of
from kit import clock
from tenants import registry
from tenants.context import headquarters, inside
from tenants.grants import APPEND_ONLY, REGISTRY_TABLES, ROLE_SETTINGS
from tenants.models import Society
from tenants.postgresql.base import CrossedBorder
from tenants.roles import relay_role, resolver_role, society_login

OLDEST_VERSION = 150000
MOST_SKEW = 2.0  # seconds
RELAY_TABLES = ("federation_outboxmessage", "federation_outboxhead", "federation_inboxmessage")
PIN = "Run `manage.py pin_roles` with the provisioner's login: it gives every role its settings and grants again."


def _asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["registry"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _societies() -> list[Society]:
    found = registry.street_map().by_number.values()
    return [society for society in found if society.state != Society.State.OPENING]


def _role(society: Society) -> str:
    return society_login(society.schema_name, society.role_epoch)[0]


def _named(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def reachable() -> Answer:
    try:
        number = len(_asked("SELECT number FROM tenants_society"))
    except DatabaseError as error:
        remedy = "Look whether PostgreSQL runs at DATABASE_URL, and whether HUILIAN_DATABASE_KEY is still the same."
        return Answer("no answer", [Fault(f"The street map cannot be read: {kind_of(error)}.", remedy)])
    return Answer(f"the street map names {number} societies")


def version() -> Answer:
    ((number, text),) = _asked("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
    if number < OLDEST_VERSION:
        return Answer(text, [Fault(f"PostgreSQL {text} is too old.", "Use PostgreSQL 15 or newer.")])
    return Answer(f"PostgreSQL {text}; no extension is needed")


def mighty_roles() -> Answer:
    """None of the roles that pages and tasks use may be more than they need."""
    roles = [resolver_role(), relay_role(), *map(_role, _societies())]
    rows = _asked(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, rolcanlogin "
        "FROM pg_roles WHERE rolname = ANY(%s)",
        roles,
    )
    faults = []
    if mighty := sorted(name for name, is_mighty, _login in rows if is_mighty):
        remedy = "ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION, for each of them."
        faults.append(Fault(f"These roles may do more than their work: {_named(mighty)}.", remedy))
    known = {name for name, _mighty, login in rows if login}
    if missing := sorted(set(roles) - known):
        faults.append(Fault(f"These roles are missing or may not log in: {_named(missing)}.", PIN))
    return Answer(f"{len(roles)} roles", faults)


def schemas() -> Answer:
    wanted = {society.schema_name: society.number for society in _societies()}
    found = {row[0] for row in _asked("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", list(wanted))}
    missing = sorted(number for schema, number in wanted.items() if schema not in found)
    remedy = "Bring them back with `manage.py restore_society NUMBER --from BACKUP`."
    faults = [Fault(f"The schema of these societies is missing: {_named(missing)}.", remedy)] if missing else []
    return Answer(f"{len(wanted)} schemas", faults)


def grants() -> Answer:
    """A role makes nothing, sees its own schema only, and changes no fact."""
    by_role = {_role(society): society.schema_name for society in _societies()}
    schemas = list(by_role.values())
    faults = []
    making = _asked(
        "SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n WHERE r.rolname = ANY(%s) "
        "AND (n.nspname = 'public' OR n.nspname = ANY(%s)) AND has_schema_privilege(r.oid, n.oid, 'CREATE')",
        [*by_role, relay_role(), resolver_role()],
        schemas,
    )
    if making:
        told = _named(sorted(f"{role} in {schema}" for role, schema in making))
        faults.append(Fault(f"These roles may CREATE: {told}.", "REVOKE CREATE ON SCHEMA … FROM …, for each of them."))
    seeing = _asked(
        "SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n WHERE r.rolname = ANY(%s) "
        "AND n.nspname = ANY(%s) AND has_schema_privilege(r.oid, n.oid, 'USAGE')",
        list(by_role),
        schemas,
    )
    seen = {role: {schema for other, schema in seeing if other == role} for role in by_role}
    if strangers := sorted(
        f"{role} in {', '.join(s - {by_role[role]})}" for role, s in seen.items() if s - {by_role[role]}
    ):
        faults.append(
            Fault(f"These roles enter others' schemas: {_named(strangers)}.", "REVOKE USAGE ON SCHEMA … FROM …")
        )
    there = {row[0] for row in _asked("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", schemas)}
    if shut_out := sorted(role for role, s in seen.items() if by_role[role] in there - s):
        faults.append(Fault(f"These roles cannot enter their own schema: {_named(shut_out)}.", PIN))
    editing = _asked(
        "SELECT r.rolname, c.relname FROM pg_roles r JOIN unnest(%s::text[], %s::text[]) AS own(role, schema) "
        "ON own.role = r.rolname JOIN pg_namespace n ON n.nspname = own.schema "
        "JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ANY(%s) "
        "WHERE has_table_privilege(r.oid, c.oid, 'UPDATE') OR has_table_privilege(r.oid, c.oid, 'DELETE')",
        list(by_role),
        schemas,
        sorted(APPEND_ONLY),
    )
    if editing:
        told = _named(sorted(f"{role} {table}" for role, table in editing))
        faults.append(Fault(f"Facts that are only appended can be changed: {told}.", PIN))
    return Answer(f"{len(by_role)} societies", [*faults, *_carriers(schemas)])


def _carriers(schemas: list[str]) -> list[Fault]:
    """The relay reads outboxes and inboxes, the resolver the street map, and neither anything else."""
    rows = _asked(
        "SELECT r.rolname, n.nspname || '.' || c.relname FROM pg_roles r, pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE r.rolname = ANY(%s) AND c.relkind IN ('r', 'p', 'v') "
        "AND (n.nspname = ANY(%s) OR n.nspname = 'public') AND has_table_privilege(r.oid, c.oid, 'SELECT') "
        "AND NOT (r.rolname = %s AND c.relname = ANY(%s)) AND NOT (n.nspname = 'public' AND c.relname = ANY(%s))",
        [relay_role(), resolver_role()],
        schemas,
        relay_role(),
        list(RELAY_TABLES),
        list(REGISTRY_TABLES),
    )
    if not rows:
        return []
    told = _named(sorted(f"{role} {table}" for role, table in rows))
    return [
        Fault(f"Relay or resolver read what they need not: {told}.", "REVOKE SELECT ON … FROM …, for each of them.")
    ]


def sessions() -> Answer:
    """Each society's session is its own, and has the settings of its role: so too behind a pooler."""
    there = {row[0] for row in _asked("SELECT nspname FROM pg_namespace")}
    asked = [society for society in _societies() if society.schema_name in there]
    wrong: dict[str, list[str]] = {}
    for society in asked:
        for problem in _session_problems(society):
            wrong.setdefault(problem, []).append(society.number)
    remedy = f"{PIN} A pooler in between must log in as each role by itself, and must not reset what it set."
    faults = [Fault(f"{problem}: {_named(numbers)}.", remedy) for problem, numbers in sorted(wrong.items())]
    return Answer(f"{len(asked)} logins", faults)


def _session_problems(society: Society) -> list[str]:
    names = [*ROLE_SETTINGS, "search_path"]
    try:
        with inside(society), connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, session_user, name, setting, unit FROM unnest(%s::text[]) AS wanted(w) "
                "JOIN pg_settings ON lower(name) = lower(w)",
                [names],
            )
            rows = cursor.fetchall()
    except CrossedBorder:
        return ["The login leads to another schema"]
    except DatabaseError as error:
        return [f"The login fails ({kind_of(error)})"]
    problems = []
    if any(user != _role(society) or session != user for user, session, *_rest in rows):
        problems.append("The session belongs to another role")
    held = {str(name).lower(): _seconds(setting, unit) for _u, _s, name, setting, unit in rows}
    if lost := sorted(name for name, value in ROLE_SETTINGS.items() if held.get(name.lower()) != value):
        problems.append(f"Settings of the role do not hold ({', '.join(lost)})")
    return problems


def _seconds(setting: str, unit: str | None) -> str:
    return f"{int(setting) // 1000}s" if unit == "ms" else f"{setting}s" if unit == "s" else setting


def pooling() -> Answer:
    """Statement pooling tears a transaction apart; transaction and session pooling do not."""
    remedy = "Set the pooler to `pool_mode = transaction` or `session`."
    try:
        with inside(headquarters()), transaction.atomic(), connection.cursor() as cursor:
            seen = set()
            for _turn in range(3):
                cursor.execute("SELECT pg_backend_pid(), pg_current_xact_id()::text")
                seen.add(cursor.fetchone())
    except (DatabaseError, psycopg.Error) as error:
        return Answer("no transaction", [Fault(f"No transaction can be held: {kind_of(error)}.", remedy)])
    if len(seen) > 1:
        return Answer("torn", [Fault("The statements of one transaction went to several sessions.", remedy)])
    return Answer("a transaction stays in one session")


def clock_skew() -> Answer:
    """The least of three differences: a slow answer is no wrong clock."""
    apart = []
    for _turn in range(3):
        began = monotonic()
        ((theirs,),) = _asked("SELECT clock_timestamp()")
        apart.append(abs((theirs - clock.now()).total_seconds() + (monotonic() - began) / 2))
    least = min(apart)
    found = f"{least:.1f} s apart"
    if least > MOST_SKEW:
        told = f"The clocks of this machine and of the database are {least:.1f} s apart."
        return Answer(found, [Fault(told, "Have both machines set their clocks by NTP.")])
    return Answer(found)


def provisioner() -> Answer:
    if "provisioner" not in connections.settings:
        return Answer("not known to this process, as it should be in web and worker")
    try:
        with connections["provisioner"].cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
            is_super, bypasses, creates = cursor.fetchone()
    except DatabaseError as error:
        remedy = "Look at PROVISIONER_DATABASE_URL."
        return Answer("no answer", [Fault(f"The provisioner cannot log in: {kind_of(error)}.", remedy)])
    if is_super or bypasses:
        told = "The provisioner is a superuser, or passes by row security."
        return Answer(
            "too mighty",
            [Fault(told, "Let it be an ordinary role with CREATEROLE that owns the database.", only_warn=True)],
        )
    if not creates:
        told = "The provisioner cannot make roles: no society can be opened."
        return Answer("too weak", [Fault(told, "ALTER ROLE … CREATEROLE")])
    return Answer("makes roles, and is no superuser")


Question = Callable[[], Answer]


def told_when_away(question: Question) -> Question:
    """A question that the database does not answer is a fault, not a crash."""

    @wraps(question)
    def ask() -> Answer:
        try:
            return question()
        except DatabaseError as error:
            return Answer(
                "no answer", [Fault(f"This could not be asked: {kind_of(error)}.", "Mend the database first.")]
            )

    return ask
