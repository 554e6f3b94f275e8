"""Huilian's own programs beside a measurement, with the very command lines of `make run`."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.arena import KEYS, ROOT


def programs(server: Any, *, port: int) -> Any:
    """The launcher's builder of command lines, for this server and the data folder of this run."""
    from django.conf import settings

    from config.launcher.plan import Plan
    from config.launcher.programs import Programs

    plan = Plan(root=ROOT, data=Path(settings.DATA_DIR), port=port, preset="cmes")
    (plan.data / "beat").mkdir(exist_ok=True)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    return Programs(plan, keys=KEYS, server=server, environ={**os.environ, "PYTHONPATH": paths})


@contextmanager
def running(*wanted: Any) -> Iterator[list[subprocess.Popen[bytes]]]:
    """These programs as processes until the end of the block; then each is asked to stop, in this order."""
    quiet = subprocess.DEVNULL
    processes = [
        subprocess.Popen(each.arguments, env=each.environment, cwd=ROOT, stdin=quiet, stdout=quiet) for each in wanted
    ]
    try:
        yield processes
    finally:
        for process, program in zip(processes, wanted, strict=True):
            process.terminate()
            try:
                process.wait(program.stop_within)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def workers(arguments: Sequence[str], number: int) -> list[str]:
    """gunicorn's command line with another number of worker processes."""
    changed = list(arguments)
    changed[changed.index("--workers") + 1] = str(number)
    return changed


def await_true(asked: Any, *, within: float, what: str) -> None:
    """Ask until the answer is yes."""
    deadline = time.monotonic() + within
    while not asked():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {within:.0f} s")
        time.sleep(0.05)
