"""Logins of a running stack, as whoever knows its keys derives them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.test import override_settings

from config.launcher.keys import installation_keys
from config.launcher.plan import read_plan
from config.launcher.programs import DATABASE
from tenants.roles import society_login
from tests.journeys.installation import Installation
from tests.stack.wishes import Addresses, running_addresses

Session = psycopg.Connection[Any]


@dataclass(frozen=True)
class Logins:
    """The way through the pooler, and past it."""

    addresses: Addresses
    keys: dict[str, str]

    def society(self, schema: str) -> Session:
        """A session of a society, through the pooler."""
        role, password = society_login(schema, 1)
        return self.through(role, password)

    def through(self, user: str, password: str, *, database: str = DATABASE) -> Session:
        """Anybody's session through the pooler."""
        port = self.addresses.port("pgbouncer")
        return _connect(host="127.0.0.1", port=port, user=user, password=password, dbname=database)

    def past(self, user: str, password: str | None = None) -> Session:
        """Anybody's session at PostgreSQL itself; the superuser needs no password."""
        return _connect(host=self.addresses.postgres, port=5432, user=user, password=password, dbname=DATABASE)


@contextmanager
def logins_of(installation: Installation) -> Iterator[Logins]:
    """In the block, roles and passwords are derived as that installation derives them, not this process."""
    addresses = running_addresses(installation.data)
    assert addresses is not None
    keys = installation_keys(read_plan(installation.environment))
    road = settings.DATABASES["default"]
    before = {name: road[name] for name in ("HOST", "PORT", "NAME")}
    society_login.cache_clear()
    try:
        with override_settings(DATABASE_KEY=keys["HUILIAN_DATABASE_KEY"], DATABASE_NAME=DATABASE):
            road.update(HOST="127.0.0.1", PORT=str(addresses.port("pgbouncer")), NAME=DATABASE)
            yield Logins(addresses, keys)
    finally:
        road.update(before)
        society_login.cache_clear()


def _connect(**road: Any) -> Session:
    return psycopg.connect(**road, autocommit=True, connect_timeout=5, prepare_threshold=None)
