"""Where PostgreSQL's socket lies: in the data folder, or in a private folder with a shorter name."""

import hashlib
import pwd
import tempfile
from pathlib import Path

from config.launcher.refusal import CannotStart
from config.launcher.server_user import own_folder

SOCKET = "/.s.PGSQL.5432"
LONGEST = 103  # bytes; what macOS takes, Linux takes 107


def socket_folder(folder: Path, *, user: pwd.struct_passwd) -> Path:
    """The data folder itself if its name is short enough, since nobody else may enter that."""
    if len(bytes(folder)) + len(SOCKET) <= LONGEST:
        return folder
    name = hashlib.sha256(bytes(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()).resolve() / f"huilian-{user.pw_uid}-{name}"
    if short.is_symlink() or (short.exists() and short.stat().st_uid != user.pw_uid):
        raise CannotStart(f"{short} belongs to somebody else; PostgreSQL needs it for its socket.")
    own_folder(short, user)
    return short
