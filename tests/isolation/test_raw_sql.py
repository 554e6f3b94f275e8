"""Acting as Welding with any SQL at all, nothing of Zhejiang, headquarters or `public` is reached."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tenants.roles import (
    derived_password,
    provisioner_role,
    relay_role,
    resolver_role,
    society_login,
)

OTHERS = ("s_zhejiang", "s_hq", "template_society", "public")
TABLE = {"public": "tenants_society"}


def _table(schema: str) -> str:
    return f"{schema}.{TABLE.get(schema, 'accounts_user')}"


@pytest.fixture
def welding_sql(welding: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection with Welding's own login, as an attacker with SQL injection has it."""
    role, password = society_login(welding.schema_name, welding.role_epoch)
    road = settings.DATABASES["default"]
    with psycopg.connect(
        host=road["HOST"], port=road["PORT"], dbname=road["NAME"], user=role, password=password, autocommit=True
    ) as connection:
        yield connection


def attacks(schema: str) -> Iterator[str]:
    table, other = _table(schema), society_login(schema, 1)[0] if schema.startswith("s_") else provisioner_role()
    inner = f"select * from {table}"
    yield inner
    yield f"select count(*) from {table}"
    yield f"insert into {table} select * from {table}"
    yield f"update {table} set id = id"
    yield f"delete from {table}"
    yield f"truncate {table}"
    yield f"begin; lock table {table} in share mode"
    yield f"copy {table} to stdout"
    yield f"create view theirs as select * from {table}"
    yield f"set search_path = {schema}; select * from {TABLE.get(schema, 'accounts_user')}"
    yield f"set local search_path = {schema}; select * from {TABLE.get(schema, 'accounts_user')}"
    yield f"select set_config('search_path', '{schema}', false); select * from {TABLE.get(schema, 'accounts_user')}"
    yield f'set role "{other}"; {inner}'
    yield f'reset role; set role "{other}"; {inner}'
    yield f'set session authorization "{other}"; {inner}'
    yield f'set role "{provisioner_role()}"; {inner}'
    yield f'set role "{relay_role()}"; select * from {schema}.federation_outboxmessage'
    yield f"select set_config('role', '{other}', true), query_to_xml('{inner}', true, true, '')"
    yield f"select query_to_xml('{inner}', true, true, '')"
    yield f"select table_to_xml('{table}', true, true, '')"
    yield f"select schema_to_xml('{schema}', true, true, '')" if schema != "public" else inner
    yield f"do $$ begin execute 'set role \"{other}\"'; perform * from {table}; end $$"
    yield f"do $$ begin execute 'reset role'; perform * from {table}; end $$"
    yield f"do $$ begin perform * from {table}; end $$"
    yield f"prepare p as {inner}; execute p"
    yield f"declare c cursor with hold for {inner}; fetch all from c"
    yield f"explain analyze {inner}"
    body = f"select count(*) from {table}"
    yield f"create function s_welding.f() returns bigint language sql security definer as '{body}'"
    yield f"create temp table copied as {inner}"
    yield f"merge into {table} t using (select 1) s on true when matched then delete"
    yield f"with gone as (delete from {table} returning *) select * from gone"


@pytest.mark.parametrize("schema", OTHERS)
def test_every_attack_on_another_schema_is_refused(welding_sql: Any, schema: Any, admin_url: Any) -> None:
    tried = 0
    for attack in attacks(schema):
        with pytest.raises(psycopg.Error) as refused:
            rows = welding_sql.execute(attack.encode())
            while rows.nextset():
                pass
        assert refused.value.sqlstate in {"42501", "0LP01", "22023", "42P01", "3F000", "28000"}, (attack, refused.value)
        # A table that is not found is no leak, but only where the attack relied on search_path.
        assert refused.value.sqlstate != "42P01" or "search_path" in attack
        welding_sql.execute("rollback")
        tried += 1
    assert tried == 31


@pytest.mark.parametrize(
    "deed",
    [
        "create schema mine",
        "create table s_welding.mine (a int)",
        "create table mine (a int)",
        "create temp table mine (a int)",
        "alter table accounts_user add column mine int",
        "drop table accounts_user",
        "create index on accounts_user (name)",
        "create trigger t before update on accounts_user execute function suppress_redundant_updates_trigger()",
        "alter role current_user superuser",
        "create role mine",
        "insert into django_migrations (app, name, applied) values ('a', 'b', now())",
        "update django_migrations set name = 'x'",
        "delete from django_content_type",
        "truncate accounts_user",
        "copy accounts_user to '/tmp/x'",
        "copy accounts_user to program 'cat'",
        "select pg_read_file('/etc/passwd')",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename like '%provisioner'",
        "create extension plpgsql",
        "create extension postgres_fdw",
        "select * from pg_authid",
        "select * from pg_shadow",
        "alter system set fsync = off",
        "alter database test_huilian set search_path = x",
    ],
)
def test_what_no_society_may_do(welding_sql: Any, deed: Any) -> None:
    deed = deed.replace("test_huilian", settings.DATABASE_NAME)
    if "pg_terminate_backend" in deed:
        at_work = "select count(*) from pg_stat_activity where usename like '%provisioner'"
        before = welding_sql.execute(at_work).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege) if before[0] else _nothing():
            welding_sql.execute(deed.encode())
        return
    with pytest.raises(psycopg.Error) as refused:
        welding_sql.execute(deed.encode())
    assert refused.value.sqlstate in {"42501", "42P01", "0LP01", "3F000", "58P01", "0A000", "42710"}, refused.value


def _nothing() -> Any:
    import contextlib

    return contextlib.nullcontext()


@pytest.mark.parametrize(
    "table",
    [
        "journal_record",
        "billing_entry",
        "applications_steprecord",
        "referrals_attribution",
        "members_consent",
    ],
)
@pytest.mark.parametrize("deed", ["update {} set id = id", "delete from {}", "truncate {}"])
def test_facts_are_appended_only(welding_sql: Any, table: Any, deed: Any) -> None:
    welding_sql.execute(f"select count(*) from {table}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        welding_sql.execute(deed.format(table).encode())


def test_a_bent_search_path_is_noticed(welding_sql: Any, welding: Any, provisioned: Any) -> None:
    """A role may change its own defaults: whoever does so gets no page any more, and nobody else's rows."""
    from django.db import connection

    from huilian.accounts.models import User
    from tenants.context import inside
    from tenants.opening import pin_role
    from tenants.postgresql.base import CrossedBorder, idle_connections

    idle_connections.close_all()
    welding_sql.execute("alter role current_user set search_path = s_zhejiang")
    try:
        with inside(welding), pytest.raises(CrossedBorder):
            User.objects.count()
    finally:
        pin_role(welding)
    connection.close()
    with inside(welding):
        assert User.objects.count() == 0


def test_nobody_else_has_the_ledger(welding_sql: Any) -> None:
    names = welding_sql.execute("select tablename from pg_tables where schemaname = 's_welding'").fetchall()
    assert names and not [name for (name,) in names if name.startswith("ledger_")]


def _as(role: str, password: str) -> psycopg.Connection[Any]:
    road = settings.DATABASES["default"]
    return psycopg.connect(
        host=road["HOST"], port=road["PORT"], dbname=road["NAME"], user=role, password=password, autocommit=True
    )


@pytest.mark.parametrize(
    "deed",
    [
        "select * from s_welding.accounts_user",
        "select * from s_welding.members_member",
        "update s_welding.federation_inboxmessage set state = 'handled'",
        "delete from s_welding.federation_inboxmessage",
        "delete from s_welding.federation_outboxmessage",
        "update s_welding.federation_outboxmessage set payload = '{}'",
        "insert into s_welding.federation_outboxmessage (receiver) values ('100')",
        "insert into public.tenants_society (number) values ('999')",
        "create table public.mine (a int)",
    ],
)
def test_the_relay_carries_and_does_nothing_else(cast: Any, deed: Any) -> None:
    with _as(relay_role(), derived_password(relay_role())) as relay:
        relay.execute("select count(*) from s_welding.federation_outboxmessage")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            relay.execute(deed.encode())


@pytest.mark.parametrize(
    "deed",
    [
        "select * from s_welding.accounts_user",
        "select * from s_welding.federation_outboxmessage",
        "update public.tenants_society set state = 'open'",
        "select * from public.tenants_renderedmigration",
    ],
)
def test_the_resolver_reads_the_street_map_only(cast: Any, deed: Any) -> None:
    with _as(resolver_role(), derived_password(resolver_role())) as resolver:
        assert resolver.execute("select count(*) from public.tenants_society").fetchone() == (3,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            resolver.execute(deed.encode())


def test_a_wrong_password_opens_nothing(welding: Any) -> None:
    role, _password = society_login(welding.schema_name, welding.role_epoch)
    with pytest.raises(psycopg.OperationalError):
        _as(role, "guess")
