"""Debian's PostgreSQL where there is one, else the embedded one; and the one function that a pooler asks."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from config.launcher.cluster import SUPERUSER, as_user
from config.launcher.postgres import SETTINGS, EmbeddedPostgres
from config.launcher.programs import DATABASE
from config.launcher.refusal import CannotStart
from config.launcher.server_user import let_pass, own_folder, server_user
from tests.stack.packages import postgres_programs

POOLER = f"{DATABASE}_pooler"
# What a pooler may know: the verifiers of those who come through it, of nobody else.
ASKED = SQL("""
CREATE SCHEMA IF NOT EXISTS pooler;
REVOKE ALL ON SCHEMA pooler FROM PUBLIC;
CREATE OR REPLACE FUNCTION pooler.verifier(wanted text) RETURNS TABLE (name text, verifier text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT rolname::text, rolpassword FROM pg_authid a
    WHERE rolname = wanted AND rolcanlogin AND NOT (rolsuper OR rolcreaterole) AND (
        rolname IN ({resolver}, {relay})
        OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                   WHERE m.member = a.oid AND g.rolname = {societies}))
$$;
REVOKE ALL ON FUNCTION pooler.verifier(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pooler TO {pooler};
GRANT EXECUTE ON FUNCTION pooler.verifier(text) TO {pooler};
GRANT CONNECT ON DATABASE {database} TO {pooler};
""")


class DebianPostgres(EmbeddedPostgres):
    """The same child, made of Debian's programs."""

    usual: Mapping[str, str] = {name: value for name, value in SETTINGS.items() if name != "io_method"}  # of 18

    def _programs(self) -> Path:
        found = postgres_programs()
        if found is None:
            raise CannotStart("PostgreSQL is not installed: apt-get install postgresql")
        return found


def start_database(folder: Path) -> EmbeddedPostgres:
    """The server whose files are in `folder`: Debian's if there is one, made on first use."""
    programs = postgres_programs()
    settings = {"max_connections": "200", "shared_buffers": "128MB"}
    if programs is None:
        return EmbeddedPostgres(folder.resolve(), settings=settings)
    if not (folder / "PG_VERSION").exists():
        _make_cluster(folder.resolve(), programs)
    return DebianPostgres(folder.resolve(), settings=settings)


def let_pooler_ask(server: EmbeddedPostgres, *, password: str) -> None:
    """As the superuser: the pooler's own login, and the function that tells it a society's verifier."""
    names = {part: Literal(f"{DATABASE}_{part}") for part in ("resolver", "relay", "societies")}
    with psycopg.connect(server.url(DATABASE, user=SUPERUSER), autocommit=True) as admin:
        known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (POOLER,)).fetchone()
        admin.execute(
            SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                SQL("ALTER" if known else "CREATE"), Identifier(POOLER), Literal(password)
            )
        )
        admin.execute(ASKED.format(**names, pooler=Identifier(POOLER), database=Identifier(DATABASE)))


def _make_cluster(folder: Path, programs: Path) -> None:
    """Text is in the order of its code points, as in the embedded server."""
    user = server_user()
    let_pass(folder.parent)
    own_folder(folder, user)
    command = [
        str(programs / "initdb"),
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        "--auth=scram-sha-256",
        "--auth-local=peer",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **as_user(user))
    if done.returncode:
        raise CannotStart(f"PostgreSQL's data folder {folder} could not be made: {done.stderr.strip()}")
