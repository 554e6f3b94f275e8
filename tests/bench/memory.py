"""Memory of the whole idle stack that `make run` starts. `python -m tests.bench.memory`

PSS: a page that several processes share counts for each by its share, so the sum is what the machine really gives. Run
it on a machine where nothing else uses this Python or this PostgreSQL: what others share too would count for them.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.bench.arena import ROOT
from tests.bench.figures import Aim, record, show_number, sizes

AIM = Aim("<=", 350)  # MiB; the peer's stack took 492
VISITED = ("/", "/join/", "/sign-in/")
SERVERS = {"nginx": "nginx", "pgbouncer": "pgbouncer", "redis-server": "redis", "moto": "S3", "rabbit": "rabbitmq"}


def main(wishes: Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="huilian-bench-") as folder:
        data = Path(folder) / "data"
        start = time.monotonic()
        with launched(data, port=wishes.port, within=wishes.within) as launcher:
            show_number("first start, until the first answer", time.monotonic() - start, "s")
            time.sleep(wishes.idle)
            show_memory("idle after the start", launcher.pid)
            visit(data, port=wishes.port)
            time.sleep(wishes.idle)
            show_memory("idle after the first visitors", launcher.pid)


@contextmanager
def launched(data: Path, *, port: int, within: int) -> Iterator[subprocess.Popen[bytes]]:
    """What `make run` starts, until the end of the block."""
    log = data.with_name("launcher.log")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    environment = {**os.environ, "HUILIAN_DATA_DIR": str(data), "HUILIAN_PORT": str(port), "PYTHONPATH": paths}
    with open(log, "wb") as said:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "config.launcher"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + within
        while "Ready in" not in log.read_text(errors="replace"):
            if launcher.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the stack did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)
        yield launcher
    finally:
        launcher.send_signal(signal.SIGTERM)
        try:
            launcher.wait(60)
        except subprocess.TimeoutExpired:
            launcher.kill()


def visit(data: Path, *, port: int) -> None:
    """Open the public pages of every society once."""
    hosts: dict[str, str] = json.loads((data / "demo.json").read_text())["hosts"]
    for address in hosts.values():
        for path in VISITED:
            line = HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", path, headers={"Host": urlsplit(address).netloc})
            status = line.getresponse().status
            line.close()
            if status >= 400:
                raise RuntimeError(f"{address}{path} answered {status}")


def show_memory(what: str, pid: int) -> None:
    """Each process's share, and the sum over launcher, web, worker, beat and PostgreSQL."""
    shares: dict[str, float] = {}
    for name, pss, alone in weigh(pid):
        print(f"    {name:34s} {pss:8.1f} MiB, of which not shared at all {alone:8.1f} MiB")
        shares[name] = shares.get(name, 0.0) + pss
    show_number(f"memory, {what}", sum(shares.values()), "MiB", aim=AIM)
    record(f"memory by process, {what}", unit="MiB", parts=shares)


def weigh(pid: int) -> Iterator[tuple[str, float, float]]:
    """Name, proportional and private MiB of the launcher and of each process below it."""
    launcher = psutil.Process(pid)
    for process in [launcher, *launcher.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            yield _name(process), *_pss(process.pid)


def _pss(pid: int) -> tuple[float, float]:
    """Proportional and private memory in MiB, as the kernel counts it."""
    sizes: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, *_unit = line.split()
        sizes[name.rstrip(":")] = int(size)
    return sizes["Pss"] / 1024, (sizes["Private_Clean"] + sizes["Private_Dirty"]) / 1024


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    text = " ".join(words)
    if "postgres" in words[0]:
        return words[0][:34] if words[0].startswith("postgres:") else "postgres"
    if "config.launcher" in text or "-m tests.stack" in text:
        return "launcher"
    if "gunicorn" in text:
        parent = process.parent()
        return "web: worker" if parent and "gunicorn" in " ".join(parent.cmdline()) else "web: master"
    if "celery" in text:
        return "celery beat" if "beat" in words else "provisioner" if "--queues=provision" in words else "celery worker"
    return next((name for mark, name in SERVERS.items() if mark in text), text[:34])


if __name__ == "__main__":
    main(sizes(__doc__, idle=30, port=8098, within=600))
