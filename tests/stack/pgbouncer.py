"""PgBouncer in transaction mode: each login has sessions of its own, so a society's settings are its role's."""

import os
from pathlib import Path

from config.launcher.programs import DATABASE, Program
from config.launcher.server_user import let_pass, own_folder, server_user
from tests.stack.packages import program
from tests.stack.postgres import POOLER
from tests.stack.wishes import Addresses

# server_idle_timeout lies below the roles' idle_session_timeout (90 s): else the server hangs up on the pooler.
# What a client set is gone with its transaction (DISCARD ALL), so nothing of it meets the society's next one.
SETTINGS = """[databases]
{database} = host={socket} port=5432 dbname={database}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pidfile =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
auth_user = {pooler}
auth_query = SELECT name, verifier FROM pooler.verifier($1)
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 8
max_db_connections = 120
server_idle_timeout = 60
server_lifetime = 1800
server_login_retry = 1
query_wait_timeout = 20
server_reset_query = DISCARD ALL
server_reset_query_always = 1
log_connections = 0
log_disconnections = 0
stats_period = 3600
"""


def pgbouncer(data: Path, addresses: Addresses) -> Program:
    """The pooler between Huilian and PostgreSQL; it refuses to be root."""
    folder = data / "pgbouncer"
    text = SETTINGS.format(
        database=DATABASE, socket=addresses.postgres, port=addresses.port("pgbouncer"), folder=folder, pooler=POOLER
    )
    command = [program("pgbouncer"), "--quiet"]
    if os.geteuid() == 0:
        user = server_user()
        let_pass(data)
        own_folder(folder, user)
        command.append(f"--user={user.pw_name}")
    for name, content in (
        ("pgbouncer.ini", text),
        ("users.txt", f'"{POOLER}" "{addresses.password}"\n'),
    ):
        path = folder / name
        path.write_text(content)
        path.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(path, server_user().pw_uid, server_user().pw_gid)
    return Program("pooler", [*command, str(folder / "pgbouncer.ini")], {"PATH": os.defpath}, stop_within=5)
