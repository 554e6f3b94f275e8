"""One embedded PostgreSQL as a child of this process: started, watched, started again, stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from config.launcher.cluster import SUPERUSER, as_user, prepare_cluster, programs
from config.launcher.lifeline import dies_with_parent
from config.launcher.orphans import clear_folder, end_orphans
from config.launcher.refusal import CannotStart
from config.launcher.server_user import server_user
from config.launcher.socket_folder import socket_folder

PORT = 5432  # only the name of the socket: nothing listens on the network
START_WITHIN = 120.0  # seconds; replaying the log after an accident takes time
LOG_LIMIT = 5_000_000  # bytes

SETTINGS: Mapping[str, str] = {
    "max_connections": "200",  # processes × pools of societies active at once
    "shared_buffers": "32MB",  # the whole idle stack is to fit a small machine
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # queries here are short: compiling them costs more than it saves
    "io_method": "sync",  # no I/O worker processes: memory
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",  # nor a process that would wait for subscriptions
    "max_wal_size": "256MB",  # disk
    # After an accident a federation's thousands of files are made safe by one call, not by one for each.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
}


class EmbeddedPostgres:
    """A running server; `start_postgres` and `temporary_postgres` make it."""

    superuser = SUPERUSER
    port = PORT
    usual: Mapping[str, str] = SETTINGS

    def __init__(self, folder: Path, *, settings: Mapping[str, str], durable: bool = True) -> None:
        self.folder = folder
        self.log = folder.with_name(f"{folder.name}.log")
        self._user = server_user()
        self._settings = {**self.usual, **({} if durable else FORGETFUL), **settings}
        prepare_cluster(folder, user=self._user, durable=durable)
        self.socket_dir = socket_folder(folder, user=self._user)
        self._process = self._start()

    @property
    def host(self) -> str:
        """What a client gives as host: the folder of the socket."""
        return str(self.socket_dir)

    @property
    def pid(self) -> int:
        """The process id of the server's head (the postmaster)."""
        return self._process.pid

    def url(self, database: str, *, user: str = "") -> str:
        """The address of a database for `DATABASE_URL`; without a user where the client names its own."""
        sign = f"{quote(user, safe='')}@" if user else ""
        return f"postgresql://{sign}/{quote(database, safe='')}?host={quote(self.host, safe='')}&port={PORT}"

    def is_alive(self) -> bool:
        """Whether the server's head runs."""
        return self._process.poll() is None

    def restart_if_dead(self) -> bool:
        """Start a server that ended; say whether that was necessary."""
        if self.is_alive():
            return False
        self._process = self._start()
        return True

    def stop(self, *, within: float = 30.0) -> None:
        """End the server cleanly: sessions are cut off, what is committed is kept."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not self.is_alive():
                break
            self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(within)
        if self._process.returncode != 0:
            end_orphans(self.folder)

    def _programs(self) -> Path:
        return programs()

    def _start(self) -> subprocess.Popen[bytes]:
        clear_folder(self.folder)
        arguments = ["-D", str(self.folder), "-k", self.host, "-p", str(PORT), "-c", "listen_addresses="]
        for name, value in self._settings.items():
            arguments += ["-c", f"{name}={value}"]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.unlink()
        with open(self.log, "ab", opener=_private) as log:  # what failed may quote personal data
            process = subprocess.Popen(
                [str(self._programs() / "postgres"), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the supervisor: the database goes last
                preexec_fn=dies_with_parent(signal.SIGINT),
                **as_user(self._user),
            )
        self._await_ready(process)
        return process

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_WITHIN
        status = self.folder / "postmaster.pid"
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with contextlib.suppress(FileNotFoundError):
                lines = status.read_text().splitlines()
                if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
                    return
            time.sleep(0.02)
        process.kill()
        process.wait()
        raise CannotStart(f"PostgreSQL did not start; the last lines of {self.log}:\n{_tail(self.log)}")


def start_postgres(data_dir: Path, *, settings: Mapping[str, str] | None = None) -> EmbeddedPostgres:
    """Start the server whose files are in `data_dir` (made on first use; its parent must exist)."""
    return EmbeddedPostgres(data_dir.resolve(), settings=settings or {})


@contextlib.contextmanager
def temporary_postgres(*, settings: Mapping[str, str] | None = None) -> Iterator[EmbeddedPostgres]:
    """A fast server for tests that forgets everything: nothing is left when the block ends."""
    with tempfile.TemporaryDirectory(prefix="huilian-") as folder:
        server = EmbeddedPostgres(Path(folder).resolve() / "pg", settings=settings or {}, durable=False)
        try:
            yield server
        finally:
            server.stop(within=5.0)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _tail(log: Path, lines: int = 8) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
