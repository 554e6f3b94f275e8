"""A stack of its own for a test, ended without a trace."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.installation import Installation


class StackInstallation(Installation):
    """`make stack` as a child process."""

    module = "tests.stack"


@contextmanager
def temporary_stack(*, broker: str) -> Iterator[Installation]:
    """One in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="huilian-stack-") as folder:
        installation = StackInstallation(Path(folder) / "cmes", environ={"STACK_BROKER": broker})
        try:
            yield installation
        finally:
            installation.stop()
