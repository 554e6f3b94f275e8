"""A supervisor with a real database and two children: who dies comes back, and all end in order."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config.launcher.lifeline import dies_with_parent

DRIVER = """
import os, sys
from pathlib import Path
from config.launcher.interruptions import Interruptions
from config.launcher.postgres import start_postgres
from config.launcher.programs import Program
from config.launcher.supervisor import Supervisor

TALK = "import os, time; print('I am', os.getpid(), flush=True); time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + TALK
folder = Path(sys.argv[1])
interruptions = Interruptions()
server = start_postgres(folder / "pg")
print("database", server.host, server.pid, flush=True)
supervisor = Supervisor(root=folder, server=server, interruptions=interruptions)
try:
    for name, code in (("web", TALK), ("worker", DEAF)):
        supervisor.start(Program(name, [sys.executable, "-c", code], dict(os.environ), stop_within=1.0))
    supervisor.look_after()
finally:
    supervisor.shut_down()
    server.stop()
    print("ended", flush=True)
"""


class Running:
    """The supervisor's process, and everything it said so far."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.said.append(line.rstrip())

    def hears(self, pattern: str, *, times: int = 1, within: float = 20.0) -> list[re.Match[str]]:
        """The matches of a pattern, once there are so many."""
        deadline = time.monotonic() + within
        while True:
            found = [match for line in list(self.said) if (match := re.search(pattern, line))]
            if len(found) >= times:
                return found
            assert time.monotonic() < deadline, "\n".join(self.said)
            time.sleep(0.02)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    supervisor = Running(tmp_path)
    yield supervisor
    if supervisor.process.poll() is None:
        supervisor.process.terminate()
        supervisor.process.wait(30)


@pytest.mark.faults
def test_a_killed_child_comes_back(running: Running) -> None:
    first = int(running.hears(r"^web +\| I am (\d+)")[0][1])
    os.kill(first, signal.SIGKILL)
    running.hears(r"web was killed by SIGKILL; it starts again")
    again = int(running.hears(r"^web +\| I am (\d+)", times=2, within=5)[1][1])
    assert again != first


@pytest.mark.faults
def test_a_killed_database_comes_back_with_its_data(running: Running) -> None:
    _, host, pid = running.hears(r"^database (\S+) (\d+)")[0].group(0).split()
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as session:
        session.execute("create table kept as select 7 as n")
        os.kill(int(pid), signal.SIGKILL)
        running.hears(r"The database is back", within=30)
    with psycopg.connect(host=host, user="postgres", dbname="postgres") as session:
        row = session.execute("select n from kept").fetchone()
    assert row == (7,)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_end_in_order_and_in_bounded_time(running: Running, number: signal.Signals) -> None:
    children = [int(match[1]) for match in running.hears(r"\| I am (\d+)", times=2)]
    database = int(running.hears(r"^database \S+ (\d+)")[0][1])
    everyone = [psutil.Process(pid) for pid in (*children, database)]
    running.process.send_signal(number)
    assert running.process.wait(15) == 0
    running.hears("ended")
    stopping = [match[1] for match in running.hears(r"Stopping (\w+) \.\.\.", times=2)]
    assert stopping == ["web", "worker"]
    assert [process for process in everyone if process.is_running()] == []


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_supervisor_leaves_a_database_that_can_be_started(tmp_path: Path) -> None:
    first = Running(tmp_path)
    first.hears(r"\| I am (\d+)", times=2)
    first.process.kill()
    first.process.wait(5)
    second = Running(tmp_path)
    try:
        second.hears(r"\| I am (\d+)", times=2, within=40)
    finally:
        second.process.terminate()
        assert second.process.wait(30) == 0
        for match in first.hears(r"^worker +\| I am (\d+)"):  # it was deaf to the signal, on purpose
            psutil.Process(int(match[1])).kill()
