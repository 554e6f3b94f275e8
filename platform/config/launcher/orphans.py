"""What a PostgreSQL that ended badly leaves behind: server processes, and a file that says it runs."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from config.launcher.refusal import CannotStart

if TYPE_CHECKING:
    from psutil import Process

ENDS_WITHIN = 20.0  # seconds; a server that lost its supervisor is shutting down


def clear_folder(folder: Path) -> None:
    """Make a data folder free for a new server; refuse where a living one has somebody who looks after it."""
    status = folder / "postmaster.pid"
    if not status.exists():
        return
    import psutil  # only here: it is needed after accidents, and costs memory

    head = _head(folder, status)
    if head is not None:
        with contextlib.suppress(psutil.TimeoutExpired):
            head.wait(ENDS_WITHIN)
        if head.is_running() and head.ppid() != 1:
            raise CannotStart(f"The database in {folder} is already served by process {head.pid}.")
    end_orphans(folder)
    status.unlink(missing_ok=True)


def end_orphans(folder: Path) -> None:
    """End every PostgreSQL process that works in this data folder."""
    import psutil

    orphans = [process for process in psutil.process_iter() if _works_in(folder, process)]
    for process in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(orphans, timeout=10)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(orphans, timeout=5)


def _head(folder: Path, status: Path) -> "Process | None":
    import psutil

    try:
        process = psutil.Process(int(status.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    return process if _works_in(folder, process) else None


def _works_in(folder: Path, process: "Process") -> bool:
    import psutil

    try:
        return process.name() == "postgres" and Path(process.cwd()) == folder
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
