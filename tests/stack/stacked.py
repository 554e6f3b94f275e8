"""A stack of its own for a test, ended without a trace."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.journeys.installation import Installation


class StackInstallation(Installation):
    """`make stack` as a child process."""

    module = "tests.stack"

    def family(self) -> list[psutil.Process]:
        """The launcher and everything below it."""
        launcher = psutil.Process(self.pid)
        return [launcher, *launcher.children(recursive=True)]


@contextmanager
def temporary_stack(*, broker: str, preset: str = "cmes") -> Iterator[StackInstallation]:
    """One in a folder that is gone afterwards, as are all its processes."""
    with tempfile.TemporaryDirectory(prefix="huilian-stack-") as folder:
        installation = StackInstallation(Path(folder) / preset, preset=preset, environ={"STACK_BROKER": broker})
        family: list[psutil.Process] = []
        try:
            yield installation
            family = installation.family()
        finally:
            installation.stop()
        _ended, left = psutil.wait_procs(family, timeout=10)
        assert not left, f"still there: {left}"
