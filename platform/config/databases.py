"""The three roads to the database: a society's own login, the resolver's, and the provisioner's."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def parse_database_url(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?host=/socket/dir` as Django's dictionary."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }


def databases(database_url: str, provisioner_url: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES. Without a provisioner's address a process can neither open nor upgrade a society."""
    base = parse_database_url(database_url)
    base["USER"] = base["PASSWORD"] = ""
    timeouts = {"connect_timeout": "5", **base["OPTIONS"]}
    roads: dict[str, dict[str, Any]] = {
        "default": {
            **base,
            "ENGINE": "tenants.postgresql",
            "OPTIONS": dict(timeouts),
            "CONN_MAX_AGE": 0,
            "DISABLE_SERVER_SIDE_CURSORS": True,
        },
        "registry": {
            **base,
            "ENGINE": "tenants.registry_backend",
            "OPTIONS": dict(timeouts),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        },
    }
    if provisioner_url:
        roads["provisioner"] = {
            **parse_database_url(provisioner_url),
            "ENGINE": "django_tenants.postgresql_backend",
            "CONN_MAX_AGE": 0,
        }
    return roads
