"""Looks after the database and the children of one installation, until it is asked to stop."""

import contextlib
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from config.launcher.child import Child
from config.launcher.interruptions import Interruptions
from config.launcher.lifeline import dies_with_parent
from config.launcher.postgres import EmbeddedPostgres
from config.launcher.programs import Program
from config.launcher.refusal import CannotStart
from config.launcher.terminal import say

COMMAND_STOPS_WITHIN = 10.0  # seconds
DATABASE_RETRY = 5.0


class Stopped(Exception):
    """Somebody asked to stop before everything was started."""


class Supervisor:
    """Runs management commands, then keeps programs alive; `shut_down` ends all but the database."""

    def __init__(self, *, root: Path, server: EmbeddedPostgres, interruptions: Interruptions) -> None:
        self._root = root
        self._server = server
        self._interruptions = interruptions
        self._children: list[Child] = []
        self._database_due = 0.0

    def run(self, arguments: list[str], environment: dict[str, str]) -> None:
        """Run a command to its end, its words going straight to the terminal."""
        process = subprocess.Popen(
            arguments,
            env=environment,
            cwd=self._root,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        while process.poll() is None:
            self._interruptions.wait(0.5)
            if self._interruptions.stop_wishes:
                _end(process)
                raise Stopped
        if process.returncode:
            raise CannotStart(f"`manage.py {' '.join(arguments[2:])}` failed; what it said stands above.")

    def start(self, program: Program) -> None:
        """Start a program and keep it alive from now on."""
        child = Child(program, folder=self._root)
        self._children.append(child)
        self._start(child)

    def await_answer(self, port: int, *, within: float = 60.0) -> None:
        """Wait until the web process answers; one that dies before is not started again."""
        self.await_true(lambda: answers(port), who="web", does="gave no answer", within=within)

    def await_true(self, asked: Callable[[], bool], *, who: str, does: str, within: float) -> None:
        """Wait until something is so; a child that dies before is not started again."""
        deadline = time.monotonic() + within
        while not asked():
            self._interruptions.wait(0.1)
            self._listen()
            if self._interruptions.stop_wishes:
                raise Stopped
            if not all(child.is_alive() for child in self._children):
                raise CannotStart(f"The {who} process ended before its first answer; what it said stands above.")
            if time.monotonic() > deadline:
                raise CannotStart(f"The {who} process {does} within {within:.0f} s.")

    def look_after(self) -> None:
        """Pass on what the children say, and start again what dies, until somebody asks to stop."""
        while not self._interruptions.stop_wishes:
            self._interruptions.wait(self._patience())
            self._listen()
            self._look_after_database()
            for child in self._children:
                if child.pid is not None and not child.is_alive():
                    self._listen()
                    self._forget_output(child)
                    say(f"{child.name} {child.bury()}; it starts again.")
                if child.pid is None and time.monotonic() >= child.due:
                    self._start(child)

    def shut_down(self) -> None:
        """End the children in the order they were started, each within its time; a second wish hastens it."""
        wishes = self._interruptions.stop_wishes
        for child in self._children:
            if child.pid is None:
                continue
            say(f"Stopping {child.name} ...")
            child.ask_to_stop()
            deadline = time.monotonic() + child.program.stop_within
            while child.is_alive() and time.monotonic() < deadline:
                if self._interruptions.stop_wishes > max(wishes, 1):
                    break
                self._interruptions.wait(0.1)
                self._listen()
            self._listen()
            child.end()

    def _start(self, child: Child) -> None:
        self._interruptions.selector.register(child.start(), selectors.EVENT_READ, child)

    def _listen(self) -> None:
        for child in self._children:
            if child.silent or child.pid is None:
                continue
            for line in child.lines():
                say(line, who=child.name)
            if child.silent:
                self._forget_output(child)

    def _forget_output(self, child: Child) -> None:
        for key in list(self._interruptions.selector.get_map().values()):
            if key.data is child:
                self._interruptions.selector.unregister(key.fileobj)

    def _look_after_database(self) -> None:
        if self._server.is_alive() or time.monotonic() < self._database_due:
            return
        say("The database ended; it starts again.")
        try:
            self._server.restart_if_dead()
            say("The database is back.")
        except CannotStart as error:
            self._database_due = time.monotonic() + DATABASE_RETRY
            say(str(error))

    def _patience(self) -> float:
        """Signals wake the loop; only a start that is due later needs a clock."""
        dues: Iterable[float] = [child.due for child in self._children if child.pid is None]
        if not self._server.is_alive():
            dues = [*dues, self._database_due]
        return max(0.0, min((due - time.monotonic() for due in dues), default=5.0))


def answers(port: int) -> bool:
    """Whether the web process on this port says that it lives."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"GET /healthz/live HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return b" 200 " in line.recv(64)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(COMMAND_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
