"""The database wrapper of a society: a login per society, nothing SET at run time, no society → no connection."""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper as PlainWrapper
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.postgresql_backend.base import FakeTenant
from psycopg import IsolationLevel

from tenants.postgresql.idle import IdleConnections, Key
from tenants.roles import society_login

PUBLIC = "public"


class NoSociety(RuntimeError):
    """Code asked for the database without having said in which society it acts."""


class CrossedBorder(RuntimeError):
    """Code tried to change the society in the middle of a transaction, or met another society's connection."""


idle_connections = IdleConnections(limit=settings.IDLE_CONNECTIONS, max_idle=settings.IDLE_CONNECTION_SECONDS)


class DatabaseWrapper(TenantsWrapper):  # type: ignore[misc]
    """Connects as the current society's own role, whose search_path is set on the role itself."""

    _key: Key | None = None
    schema_name: str | None
    tenant: Any

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Act in this society from now on. Refused inside a transaction of another one."""
        before: str | None = self.schema_name
        if before is not None and before != tenant.schema_name:
            if self.in_atomic_block:
                raise CrossedBorder(f"in a transaction of {before}: may not turn to {tenant.schema_name}")
            self.close()
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = False
        # Content-type ids are the same in every schema (one template), so Django's cache needs no clearing.

    def set_schema(self, schema_name: str, include_public: bool = True, tenant_type: str | None = None) -> None:
        if schema_name != PUBLIC:
            raise CrossedBorder("say which society by its row: tenants.inside(society)")
        self.set_tenant(FakeTenant(schema_name=schema_name))

    def get_connection_params(self) -> dict[str, Any]:
        if self.schema_name is None or self.schema_name == PUBLIC:
            raise NoSociety("no society: the database is reached only inside one (tenants.inside)")
        params: dict[str, Any] = super().get_connection_params()
        params["user"], params["password"] = society_login(self.schema_name, self.tenant.role_epoch)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._key = (conn_params["user"], conn_params["password"])
        found = idle_connections.take(self._key)
        if found is None:
            return self._checked(super().get_new_connection(conn_params))
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return found

    def _checked(self, connection: "psycopg.Connection[Any]") -> "psycopg.Connection[Any]":
        # A role may change its own defaults, so a new connection is asked where it stands.
        path = connection.info.parameter_status("search_path")
        if path is None:
            row = connection.execute("SHOW search_path").fetchone()
            connection.rollback()
            path = str(row[0]) if row else ""
        if path.strip('"') != self.schema_name:
            connection.close()
            raise CrossedBorder(f"the login of {self.schema_name} leads to {path!r}: pin the role again")
        return connection

    def _close(self) -> None:
        if self.connection is None or self._key is None:
            return
        if self.in_atomic_block or self.needs_rollback or self.errors_occurred:
            self.connection.close()
        else:
            idle_connections.lay_down(self._key, self.connection)

    def _cursor(self, name: str | None = None) -> Any:
        cursor = PlainWrapper._cursor(self, name=name)  # type: ignore[attr-defined]
        connection: psycopg.Connection[Any] = self.connection
        if self._key is None or connection.info.user != self._key[0] or self._key[0] != self._expected_user():
            raise CrossedBorder(f"this connection belongs to {connection.info.user}, not to {self.schema_name}")
        return cursor

    def _expected_user(self) -> str:
        return society_login(self.schema_name, self.tenant.role_epoch)[0] if self.schema_name != PUBLIC else ""

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Nothing to do: the role carries its search_path."""
