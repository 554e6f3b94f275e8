"""One long-running child: started, listened to, started again when it dies, ended in bounded time."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from config.launcher.lifeline import dies_with_parent
from config.launcher.programs import Program

FIRST_WAIT, LONGEST_WAIT = 0.2, 15.0  # seconds between a death and the next start
PROVEN_AFTER = 30.0  # seconds; who lived that long starts again at once


class Child:
    """A program of this installation and the process it currently is."""

    def __init__(self, program: Program, *, folder: Path) -> None:
        self.program = program
        self.name = program.name
        self._folder = folder
        self._wait = FIRST_WAIT
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self.due = 0.0
        self._unfinished = b""
        self.silent = False  # it has closed its output: nothing more will come

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> int:
        """Start the program; what it says comes out of the returned file descriptor, without blocking."""
        self._process = subprocess.Popen(
            self.program.arguments,
            env=self.program.environment,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor, which ends its children in order
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        self._started = time.monotonic()
        self._unfinished, self.silent = b"", False
        assert self._process.stdout is not None  # noqa: S101 — a pipe was asked for above
        os.set_blocking(self._process.stdout.fileno(), False)
        return self._process.stdout.fileno()

    def is_alive(self) -> bool:
        """Whether the program runs."""
        return self._process is not None and self._process.poll() is None

    def lines(self) -> list[str]:
        """The whole lines that were said since one last listened."""
        if self._process is None or self._process.stdout is None:
            return []
        with contextlib.suppress(BlockingIOError):
            while heard := os.read(self._process.stdout.fileno(), 65536):
                self._unfinished += heard
            self.silent = True
        *whole, self._unfinished = self._unfinished.split(b"\n")
        return [line.decode(errors="replace") for line in whole]

    def bury(self) -> str:
        """After its death: end what it left behind, set when to start again, and say how it died."""
        process, self._process = self._process, None
        assert process is not None and process.returncode is not None  # noqa: S101 — only the dead are buried
        if process.stdout is not None:
            process.stdout.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # gunicorn's workers hold the port a little longer than it lives
        now = time.monotonic()
        self._wait = FIRST_WAIT if now - self._started > PROVEN_AFTER else self._wait
        self.due = now + self._wait
        self._wait = min(self._wait * 2, LONGEST_WAIT)
        if process.returncode < 0:
            return f"was killed by {signal.Signals(-process.returncode).name}"
        return f"ended with code {process.returncode}"

    def ask_to_stop(self) -> None:
        """Let it finish what it does and end."""
        if self._process is not None and self.is_alive():
            self._process.terminate()

    def end(self) -> None:
        """End it and everything it started, now."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
