"""Database roles: their names, prefixed with the database's, and their derived passwords."""

import hashlib
import hmac
import re
from functools import lru_cache

import psycopg
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal

SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}\Z")


def check_schema_name(name: str) -> str:
    """The name itself, if it is one that may be put into SQL text; else a refusal."""
    if not SCHEMA_NAME.match(name):
        raise Refusal("bad_schema_name", _("Not a schema name: %(name)s"), name=name)
    return name


def role_prefix() -> str:
    """Roles are cluster-wide: the database's name keeps two installations on one server apart."""
    return re.sub(r"[^a-z0-9_]", "_", str(settings.DATABASE_NAME).lower())[:20]


def provisioner_role() -> str:
    return f"{role_prefix()}_provisioner"


def resolver_role() -> str:
    return f"{role_prefix()}_resolver"


def relay_role() -> str:
    return f"{role_prefix()}_relay"


def societies_group() -> str:
    return f"{role_prefix()}_societies"


@lru_cache(maxsize=4096)
def society_login(schema: str, epoch: int) -> tuple[str, str]:
    """(role, password) of a society; a new epoch is a new password."""
    role = f"{role_prefix()}_{check_schema_name(schema)}"
    return role, derived_password(role, epoch)


def derived_password(role: str, epoch: int = 1) -> str:
    """The password of a role: HMAC-SHA256 of its name under the installation's database key, stored nowhere."""
    key = str(settings.DATABASE_KEY).encode()
    return hmac.new(key, f"{role}|{epoch}".encode(), hashlib.sha256).hexdigest()


def scram_verifier(connection: "psycopg.Connection[tuple[object, ...]]", role: str, password: str) -> str:
    """What the server keeps of a password, made here so that the password itself is never in an SQL statement.

    The many iterations of SCRAM slow down guessing of passwords that people chose; ours are 256 random bits, and
    every new connection pays for them. One will do.
    """
    if connection.info.server_version >= 160000:
        connection.execute("SELECT set_config('scram_iterations', '1', false)")
    return connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
