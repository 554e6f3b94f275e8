"""A child is heard, mourned, started again with patience, and ended with all it started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.launcher.child import FIRST_WAIT, Child
from config.launcher.programs import Program

TALKER = "import time; print('one', flush=True); print('two', flush=True); time.sleep(60)"
SILENT = "import time; time.sleep(60)"  # nothing said: no broken pipe can end it
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""


def child_of(code: str, folder: Path) -> Child:
    program = Program("child", [sys.executable, "-c", code], dict(os.environ), stop_within=1)
    return Child(program, folder=folder)


def heard(child: Child, lines: int) -> list[str]:
    """So many lines of what the child says."""
    said: list[str] = []
    deadline = time.monotonic() + 10
    while len(said) < lines:
        assert time.monotonic() < deadline, said
        said += child.lines()
        time.sleep(0.01)
    return said


def wait_until_dead(child: Child) -> None:
    deadline = time.monotonic() + 10
    while child.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_killed_child_is_due_again_later_each_time(tmp_path: Path) -> None:
    child = child_of(TALKER, tmp_path)
    waits = []
    for _ in range(3):
        child.start()
        assert heard(child, 2) == ["one", "two"]
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        wait_until_dead(child)
        now = time.monotonic()
        assert child.bury() == "was killed by SIGKILL"
        waits.append(round(child.due - now, 2))
        assert child.pid is None
    assert waits == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]


def test_its_last_words_and_its_code_are_kept(tmp_path: Path) -> None:
    child = child_of("print('no such table'); raise SystemExit(3)", tmp_path)
    child.start()
    wait_until_dead(child)
    assert child.lines() == ["no such table"]
    assert child.silent
    assert child.bury() == "ended with code 3"


def test_ending_takes_along_what_it_started_even_if_it_does_not_listen(tmp_path: Path) -> None:
    child = child_of(STUBBORN, tmp_path)
    child.start()
    grandchild = psutil.Process(int(heard(child, 1)[0]))
    child.ask_to_stop()
    time.sleep(0.2)
    assert child.is_alive()
    child.end()
    assert not child.is_alive()
    psutil.wait_procs([grandchild], timeout=5)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nobody_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    supervisor = f"""
import os, time
from pathlib import Path
from config.launcher.child import Child
from config.launcher.programs import Program
child = Child(Program("child", [{sys.executable!r}, "-c", {SILENT!r}], dict(os.environ), 1), folder=Path("/"))
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", supervisor], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        orphan = psutil.Process(int(process.stdout.readline()))
        process.kill()
    assert psutil.wait_procs([orphan], timeout=5)[1] == [] or orphan.status() == psutil.STATUS_ZOMBIE
