"""A newcomer to operations follows the guide: empty folder, empty PostgreSQL; at the end a society has come back."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config.launcher.postgres import temporary_postgres
from tests.guide.blocks import ROOT, blocks

PROGRAMS = ("web", "worker", "provisioner", "beat")
NOT_CODE = (".git", ".venv*", ".huilian*", "*_cache", ".hypothesis", "node_modules", "pictures", "__pycache__")


def test_the_guide_has_what_is_tried() -> None:
    found = blocks()
    assert tuple(block.program for block in found if block.program) == PROGRAMS
    assert len(found) == 10


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the guide's reader has: a folder with the code, a PostgreSQL with a superuser, and a free port."""
    srv = tmp_path / "srv"
    shutil.copytree(ROOT, srv / "code", ignore=shutil.ignore_patterns(*NOT_CODE))
    with temporary_postgres() as server, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        place = f"?host={server.host}&port={server.port}"
        yield {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "SRV": str(srv),
            "DOMAIN": "localhost",
            "BIND": f"127.0.0.1:{port}",
            "ADMIN_DATABASE_URL": f"postgresql://postgres@/postgres{place}",
            "DATABASE_URL": f"postgresql:///huilian{place}",
            "PROVISIONER_DATABASE_URL": f"postgresql://huilian_provisioner:only-in-this-test@/huilian{place}",
            "BROKER_URL": "filesystem://localhost/",
            "CACHE_URL": "locmem",
            **{name: os.environ[name] for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE") if name in os.environ},
        }


@pytest.mark.slow
def test_the_guide_as_written(shell: dict[str, str]) -> None:
    with ExitStack() as running:
        said = ""
        for block in blocks():
            if block.program:
                _start(block.text, shell, running)
                if block.program == PROGRAMS[-1]:
                    _await_page(shell["BIND"])
            else:
                said += _carry_out(block.text, shell)
    assert "https://hq.localhost/invitation/" in said
    assert "can come back" in said
    assert "compared, 0 differences" in said


def _carry_out(text: str, shell: dict[str, str]) -> str:
    # Each block begins where the one before it ended, so `SRV` is known to all of them.
    command = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(command, env=shell, cwd=shell["HOME"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{text}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def _start(text: str, shell: dict[str, str], running: ExitStack) -> None:
    process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", text], env=shell, cwd=shell["HOME"])

    def stop() -> None:
        process.terminate()
        process.wait(60)

    running.callback(stop)


def _await_page(address: str) -> None:
    deadline = time.monotonic() + 240  # four programs start at once, and others may be at work on the machine
    while True:
        try:
            door = HTTPConnection(address, timeout=10)
            door.request("GET", "/", headers={"Host": "hq.localhost", "X-Forwarded-Proto": "https"})
            answer = door.getresponse()
            assert answer.status == 200, answer.read()[:500]
            return
        except OSError:
            assert time.monotonic() < deadline, "web did not answer"
            time.sleep(0.5)
