"""Several processes behind one port: each writes its counts into a folder, and any of them can tell the sum."""

import atexit
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the name is the library's


def gather() -> None:
    """To be called by the parent, before the library is imported: it decides at import where counts are kept."""
    if os.environ.get(FOLDER):
        return
    if "prometheus_client" in sys.modules:
        raise RuntimeError("too late: counts are kept in this process's memory already")
    folder = tempfile.mkdtemp(prefix="huilian-metrics-")
    os.environ[FOLDER] = folder
    atexit.register(_remove, folder, os.getpid())


def forget_the_dead() -> None:
    """Take out what ended processes held a moment ago, such as idle connections. What they counted stays counted."""
    folder = os.environ.get(FOLDER)
    for file in Path(folder).glob("gauge_live*_*.db") if folder else ():
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not _lives(int(pid)):
            with suppress(OSError):
                file.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # children inherit this act
        shutil.rmtree(folder, ignore_errors=True)
