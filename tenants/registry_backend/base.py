"""PostgreSQL as the resolver: may read the street map, and nothing else."""

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PlainWrapper

from tenants.roles import derived_password, resolver_role


class DatabaseWrapper(PlainWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["user"], params["password"] = resolver_role(), derived_password(resolver_role())
        return params
