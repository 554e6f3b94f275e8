"""A real PostgreSQL, three real societies, and work in them that is rolled back or cleaned away."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from hypothesis import settings as hypothesis
from psycopg.sql import SQL, Identifier

from config.launcher.postgres import temporary_postgres
from tests.environment import DATABASE, GIVEN_SERVER
from tests.federation_fixture import Federation, open_cast

# The same examples each time, however slow the machine; `--hypothesis-profile=default` looks for new ones.
hypothesis.register_profile("same", derandomize=True, deadline=None)
hypothesis.load_profile("same")

# A test that reads the day twice does not begin just before midnight, in UTC or at the office; slow ones take minutes.
MIDNIGHTS = (timedelta(0), timedelta(hours=8))
AHEAD, SLOW_AHEAD = 3.0, 120.0  # seconds


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Wait for a midnight that is near to be over."""
    left = min(_until_midnight(datetime.now(UTC) + zone) for zone in MIDNIGHTS)
    if left < (SLOW_AHEAD if item.get_closest_marker("slow") else AHEAD):
        time.sleep(left + 0.1)


def _until_midnight(wall: datetime) -> float:
    midnight = datetime.combine(wall.date() + timedelta(days=1), wall.timetz().replace(0, 0, 0, 0))
    return (midnight - wall).total_seconds()


@pytest.fixture(autouse=True, scope="session")
def remembered_for_good() -> None:
    """What is remembered for a minute is not forgotten between two acts whose queries a test compares."""
    from huilian.notices import queries as notices
    from huilian.schemes import queries as schemes

    notices.REWORDED_SECONDS = 3600
    schemes.STALE_SECONDS = 3600.0


def _point_at(host: str, port: str) -> None:
    for road in settings.DATABASES.values():
        road["HOST"], road["PORT"] = host, port


@pytest.fixture(scope="session")
def admin_url(django_db_blocker: Any) -> Iterator[str]:
    """A superuser's address of the server that the suite uses."""
    with django_db_blocker.unblock():
        if GIVEN_SERVER:
            info = psycopg.conninfo.conninfo_to_dict(GIVEN_SERVER)
            _point_at(str(info.get("host", "")), str(info.get("port", "")))
            yield GIVEN_SERVER
            _drop_given()
        else:
            with temporary_postgres() as server:
                _point_at(server.host, str(server.port))
                yield server.url("postgres", user="postgres")
                connections.close_all()


@pytest.fixture(scope="session")
def provisioned(admin_url: str) -> str:
    """The server with database, roles and templates, and no society yet."""
    from tenants.provisioning import create_database, prepare_database

    create_database(admin_url)
    prepare_database()
    return admin_url


@pytest.fixture(scope="session")
def cast(provisioned: str) -> dict[str, Any]:
    """Headquarters, Zhejiang (a province) and Welding (a branch), with the cmes scheme."""
    return open_cast()


@pytest.fixture
def hq(cast: dict[str, Any]) -> Any:
    return cast["hq"]


@pytest.fixture
def zhejiang(cast: dict[str, Any]) -> Any:
    return cast["zhejiang"]


@pytest.fixture
def welding(cast: dict[str, Any]) -> Any:
    return cast["welding"]


def _rolled_back(society: Any) -> Iterator[Any]:
    from tenants.context import inside

    with inside(society), transaction.atomic():
        yield society
        transaction.set_rollback(True)


@pytest.fixture
def in_hq(hq: Any) -> Iterator[Any]:
    yield from _rolled_back(hq)


@pytest.fixture
def in_zhejiang(zhejiang: Any) -> Iterator[Any]:
    yield from _rolled_back(zhejiang)


@pytest.fixture
def in_welding(welding: Any) -> Iterator[Any]:
    yield from _rolled_back(welding)


@pytest.fixture
def federation(cast: dict[str, Any], admin_url: str) -> Iterator[Federation]:
    """Committed work over several societies; afterwards every table is as it was."""
    yield Federation(**cast)
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    _clean(admin_url, [society.schema_name for society in cast.values()])


# What the cast was opened with, and every test may count on.
KEPT = ("django_migrations", "django_content_type", "auth_permission", "schemes_schemeversion", "schemes_holiday")


def _clean(admin_url: str, schemas: list[str]) -> None:
    with psycopg.connect(admin_url, dbname=DATABASE) as admin:
        admin.execute("SET session_replication_role = replica")
        rows = admin.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) AND tablename <> ALL(%s)",
            (schemas, list(KEPT)),
        ).fetchall()
        probe = SQL(" UNION ALL ").join(
            SQL("SELECT {}, {} WHERE EXISTS (SELECT 1 FROM {})").format(schema, table, Identifier(schema, table))
            for schema, table in rows
        )
        for schema, table in admin.execute(probe).fetchall():
            admin.execute(SQL("DELETE FROM {}").format(Identifier(schema, table)))


def _drop_given() -> None:
    from tenants.roles import role_prefix

    connections.close_all()
    with psycopg.connect(GIVEN_SERVER, autocommit=True) as admin:
        admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(DATABASE)))
        roles = admin.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", (f"{role_prefix()}_",))
        for (role,) in roles.fetchall():
            admin.execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(role)))
