"""Plans on folders and ports of their own."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launcher.plan import Plan


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Not pytest's own, which the next run of any suite closes to the server's user."""
    with tempfile.TemporaryDirectory(prefix="huilian-") as folder:
        yield Path(folder).resolve()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def plan(tmp_path: Path, free_port: int) -> Plan:
    return Plan(root=tmp_path, data=tmp_path / "data", port=free_port, preset="cmes")
