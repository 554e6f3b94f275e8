"""A real installation as `make run` starts it, on a port and in a data folder of its own, and ended without a trace."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.launcher.beside import command_beside
from config.launcher.plan import ROOT, Plan, read_plan
from tests.journeys.demo import Demo, read_demo
from tests.stack import beside as stack
from tests.stack.wishes import running_addresses

READY = re.compile(r"Ready in ([0-9.]+) s")
STARTS_WITHIN = 600.0  # seconds; a machine that many share takes its time over the first start
STOPS_WITHIN = 60.0
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "TZ")


class Installation:
    """The launcher as a child process; `demo` tells how to drive what it runs."""

    module = "config.launcher"

    def __init__(self, data: Path, *, preset: str = "cmes", environ: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}.log")
        wishes = {"HUILIAN_DATA_DIR": str(data), "HUILIAN_PORT": str(free_port()), "HUILIAN_PRESET": preset}
        inherited = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment = {**inherited, **wishes, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", **(environ or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The launcher's process id; everything else that runs are its descendants."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def demo(self) -> Demo:
        return read_demo(self.data / "demo.json")

    def start(self) -> float:
        """Start and wait until it says that it is ready; returns the seconds that took by our own clock."""
        said = self.log.stat().st_size if self.log.exists() else 0
        began = time.monotonic()
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", self.module]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        while not READY.search(self.words(since=said)):
            assert self._process.poll() is None, f"the launcher ended:\n{self.words(since=said)[-3000:]}"
            assert time.monotonic() - began < STARTS_WITHIN, f"not ready:\n{self.words(since=said)[-3000:]}"
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self) -> None:
        """Ask it to end as a service manager does, and see that nothing is left."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"it did not end within {STOPS_WITHIN:.0f} s:\n{self.words()[-2000:]}") from None
        self._process = None

    def words(self, *, since: int = 0) -> str:
        """What it has said, from a byte of its log on."""
        return self.log.read_bytes()[since:].decode(errors="replace") if self.log.exists() else ""

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A management command beside what runs."""
        return manage(self.data, self.environment, *command)


@contextmanager
def temporary_installation(*, preset: str = "cmes") -> Iterator[Installation]:
    """One in a folder that is gone afterwards; not pytest's, which no server of another user may enter for long."""
    with tempfile.TemporaryDirectory(prefix="huilian-") as folder:
        installation = Installation(Path(folder) / preset, preset=preset)
        try:
            yield installation
        finally:
            installation.stop()


def manage(data: Path, environ: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run a management command in the environment that the launcher of this data folder gives its own."""
    arguments, environment = _command_beside(data, environ, command)
    return subprocess.run(arguments, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def environment_beside(data: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What a management command beside this data folder's installation is told."""
    return _command_beside(data, environ, ["help"])[1]


def _command_beside(data: Path, environ: Mapping[str, str], command: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    plan = read_plan(environ)
    assert plan.data == data.absolute()
    which = stack.command_beside if running_addresses(data) else command_beside
    return which(plan, command, environ=environ)


def running_plan(path: Path) -> tuple[Plan, dict[str, str]]:
    """Plan and environment of the installation whose `demo.json` this is."""
    data, demo = path.resolve().parent, json.loads(path.read_text())
    port = demo["hosts"]["hq"].rstrip("/").rpartition(":")[2]
    wishes = {
        "HUILIAN_DATA_DIR": str(data),
        "HUILIAN_PORT": port,
        "HUILIAN_PRESET": (data / "preset").read_text().strip(),
    }
    environ = {**os.environ, **wishes}
    return read_plan(environ), environ


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
