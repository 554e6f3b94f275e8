"""The stack, started once for each broker, for all tests that only use it."""

from collections.abc import Iterator

import pytest

from tests.journeys.office import Offices, await_worker
from tests.stack.packages import missing, needed
from tests.stack.stacked import StackInstallation, temporary_stack
from tests.stack.wishes import BROKERS


@pytest.fixture(scope="session", params=BROKERS)
def stack(request: pytest.FixtureRequest) -> Iterator[StackInstallation]:
    """A stack that runs, with the demonstration in it."""
    skip_without(request.param)
    with temporary_stack(broker=request.param) as installation:
        installation.start()
        await_worker(installation.demo)
        yield installation


@pytest.fixture(scope="session")
def offices(stack: StackInstallation) -> Offices:
    return Offices(stack.demo)


def skip_without(broker: str) -> None:
    """Skip, and say what has to be installed, where the stack cannot run."""
    if problem := missing(needed(broker)):
        pytest.skip(problem)
