"""Through PgBouncer a society's login is still a society's: what is another's, or another client's, is out of reach."""

import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from config.launcher.programs import DATABASE, PROVISIONER
from tenants.roles import derived_password, relay_role, resolver_role, society_login
from tests.isolation.test_raw_sql import (
    test_every_attack_on_another_schema_is_refused,
    test_facts_are_appended_only,
    test_the_relay_carries_and_does_nothing_else,
    test_what_no_society_may_do,
)
from tests.stack.logins import Logins, Session, logins_of
from tests.stack.postgres import POOLER
from tests.stack.stacked import StackInstallation

pytestmark = pytest.mark.slow

# They stand in this module, so they go through this module's logins.
__all__ = [
    "test_every_attack_on_another_schema_is_refused",
    "test_facts_are_appended_only",
    "test_the_relay_carries_and_does_nothing_else",
    "test_what_no_society_may_do",
]
SOCIETIES = ("s_welding", "s_zhejiang", "s_foundry", "s_hq")
WHO = "SELECT session_user::text, current_user::text, current_setting('search_path'), pg_backend_pid()"


@pytest.fixture
def logins(stack: StackInstallation) -> Iterator[Logins]:
    with logins_of(stack) as logins:
        yield logins


@pytest.fixture
def welding_sql(logins: Logins) -> Iterator[Session]:
    with logins.society("s_welding") as session:
        yield session


@pytest.fixture
def cast(logins: Logins) -> Logins:
    return logins


@pytest.fixture
def admin_url() -> str:
    return ""


def test_no_server_session_serves_two_logins(logins: Logins) -> None:
    """Dozens of clients of four societies at once, each a transaction at a time: they share, but never across."""
    served: dict[str, set[int]] = defaultdict(set)

    def ask(number: int) -> None:
        schema = SOCIETIES[number % len(SOCIETIES)]
        role = society_login(schema, 1)[0]
        with logins.society(schema) as session:
            for _ in range(25):
                row = session.execute(WHO).fetchone()
                assert row is not None and row[:3] == (role, role, schema)
                served[schema].add(row[3])

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(ask, range(48)))
    pids = [pid for each in served.values() for pid in each]
    assert len(pids) == len(set(pids)), served
    assert set(served) == set(SOCIETIES)
    assert all(len(each) <= 8 for each in served.values()), "no login has more than its pool"


@pytest.mark.parametrize(
    ("deed", "look", "expected"),
    [
        ("SET search_path = pg_catalog", "SHOW search_path", "s_welding"),
        ("SELECT set_config('search_path', 's_zhejiang', false)", "SHOW search_path", "s_welding"),
        ("SET statement_timeout = 0", "SHOW statement_timeout", "30s"),
        ("SET lock_timeout = 0", "SHOW lock_timeout", "10s"),
        ("SET default_transaction_read_only = on", "SHOW default_transaction_read_only", "off"),
        ("SET TIME ZONE 'Asia/Shanghai'", "SHOW timezone", "UTC"),
        ("SET huilian.anything = 'mine'", "SELECT coalesce(current_setting('huilian.anything', true), '')", ""),
        ("PREPARE theirs AS SELECT 1", "SELECT count(*) FROM pg_prepared_statements", 0),
        ("SELECT pg_advisory_lock(7)", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", 0),
        (
            "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT 1; COMMIT",
            "SELECT count(*) FROM pg_cursors WHERE is_holdable",
            0,
        ),
        ("LISTEN news", "SELECT count(*) FROM pg_listening_channels()", 0),
    ],
)
def test_what_a_client_leaves_behind_is_gone(logins: Logins, deed: str, look: str, expected: object) -> None:
    """The next transaction of the same society in the same server session starts from the role's settings."""
    with logins.society("s_welding") as first, ExitStack() as others:
        done = first.execute(f"{deed}; SELECT pg_backend_pid()".encode())
        while done.nextset():
            pass
        pid = (done.fetchone() or [None])[0]
        for _ in range(8):  # the pool has no more: whoever keeps the others busy meets with this one
            client = others.enter_context(logins.society("s_welding"))
            others.enter_context(client.transaction())
            found = _asked(client, look)
            if _asked(client, "SELECT pg_backend_pid()") == pid:
                assert found == expected
                return
            time.sleep(0.1)  # it was being cleaned, so the pooler gave another one
    pytest.fail("the session never came back to the pool")


def test_a_society_may_not_turn_into_another(logins: Logins) -> None:
    with logins.society("s_welding") as welding:
        for role in (society_login("s_zhejiang", 1)[0], PROVISIONER, relay_role(), POOLER, "postgres"):
            for deed in (f'SET ROLE "{role}"', f'SET SESSION AUTHORIZATION "{role}"', f'RESET ROLE; SET ROLE "{role}"'):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    welding.execute(deed.encode())
        welding.execute("RESET ROLE")
        welding.execute("RESET SESSION AUTHORIZATION")
        assert _asked(welding, "SELECT current_user") == society_login("s_welding", 1)[0]


def test_whom_the_pooler_lets_in(logins: Logins) -> None:
    """Societies, resolver and relay with their passwords; nobody who may do more, and no other database."""
    role, password = society_login("s_welding", 1)
    for user in (resolver_role(), relay_role()):
        with logins.through(user, derived_password(user)) as session:
            assert _asked(session, "SELECT current_user") == user
    strangers = [
        (role, "guess", DATABASE),
        (society_login("s_zhejiang", 1)[0], password, DATABASE),
        (PROVISIONER, logins.keys["PROVISIONER_PASSWORD"], DATABASE),
        ("postgres", "", DATABASE),
        ("nobody_at_all", "guess", DATABASE),
        (role, password, "postgres"),
        (role, password, "pgbouncer"),  # its console
        (POOLER, logins.addresses.password, "pgbouncer"),
    ]
    for user, word, database in strangers:
        with pytest.raises(psycopg.OperationalError):
            logins.through(user, word, database=database).close()


def test_the_pooler_itself_knows_verifiers_only(logins: Logins) -> None:
    ask = "SELECT name, verifier FROM pooler.verifier(%s)"
    with logins.past(POOLER, logins.addresses.password) as pooler:
        role = society_login("s_welding", 1)[0]
        found = pooler.execute(ask, (role,)).fetchone()
        assert found is not None and found[0] == role and found[1].startswith("SCRAM-SHA-256$")
        for other in (PROVISIONER, POOLER, "postgres", f"{DATABASE}_societies"):
            assert pooler.execute(ask, (other,)).fetchall() == []
        for deed in (
            "SELECT * FROM pg_authid",
            "SELECT * FROM s_welding.members_member",
            "SELECT * FROM public.tenants_society",
            "CREATE TABLE pooler.mine (a int)",
            f'SET ROLE "{role}"',
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                pooler.execute(deed.encode())
    with logins.society("s_welding") as welding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        welding.execute(ask, (role,))


def _asked(session: Session, question: str) -> object:
    row = session.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]
