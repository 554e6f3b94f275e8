"""What must be true before anything is started, each with its one sentence."""

import contextlib
import errno
import fcntl
import os
import socket
from pathlib import Path

from config.launcher.plan import Plan
from config.launcher.refusal import CannotStart

PRIVATE_FOLDERS = ("queue", "media", "beat", "static")  # papers and messages: nobody else on this machine reads them


def open_data_folder(plan: Plan) -> None:
    """Make the data folder, and prove that it can be written."""
    probe = plan.data / ".probe"
    try:
        plan.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in PRIVATE_FOLDERS:
            (plan.data / name).mkdir(mode=0o700, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"The data folder {plan.data} cannot be written ({error.strerror}); "
            "choose another one with HUILIAN_DATA_DIR."
        ) from error


def hold_lock(plan: Plan) -> int:
    """Keep every other instance off this data folder, until this process ends, however it ends."""
    path = plan.data / "lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise CannotStart(f"The data folder {plan.data} cannot be locked ({error.strerror}).") from error
        raise CannotStart(
            f"Huilian already runs on the data folder {plan.data} (process {_holder(path)}); "
            "stop it first, or choose another folder with HUILIAN_DATA_DIR."
        ) from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def check_preset(plan: Plan) -> None:
    """One data folder is one federation."""
    opened = opened_preset(plan)
    if opened not in (None, plan.preset):
        raise CannotStart(
            f"The data folder {plan.data} holds the federation {opened!r}, not {plan.preset!r}; "
            "set HUILIAN_PRESET or HUILIAN_DATA_DIR accordingly."
        )


def opened_preset(plan: Plan) -> str | None:
    """The federation that was opened in this folder; None before the first start was through."""
    with contextlib.suppress(FileNotFoundError):
        return (plan.data / "preset").read_text().strip()
    return None


def remember_preset(plan: Plan) -> None:
    """Write down that this folder's federation is open."""
    (plan.data / "preset").write_text(f"{plan.preset}\n")


def loopback_addresses(port: int) -> list[str]:
    """The addresses to listen on: browsers ask `*.localhost` at ::1 or at 127.0.0.1. All must be free."""
    addresses = []
    for family, host, written in (
        (socket.AF_INET, "127.0.0.1", f"127.0.0.1:{port}"),
        (socket.AF_INET6, "::1", f"[::1]:{port}"),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = port + 1 if port < 65535 else 8000
                raise CannotStart(
                    f"Port {port} is taken by another program; choose another: HUILIAN_PORT={other} make run"
                ) from error
            if error.errno == errno.EACCES:
                raise CannotStart(f"Port {port} may not be used by this user; choose one above 1023.") from error
            if family == socket.AF_INET:
                raise CannotStart(f"Port {port} cannot be used ({error.strerror}).") from error
            continue  # a machine without IPv6
        addresses.append(written)
    return addresses


def _holder(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text().strip() or "unknown"
    return "unknown"
