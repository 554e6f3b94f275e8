"""Both federations, each started once per run as `make run` starts it."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation, temporary_installation
from tests.journeys.office import await_worker


@pytest.fixture(scope="session")
def cmes() -> Iterator[Installation]:
    yield from _running("cmes")


@pytest.fixture(scope="session")
def aiet() -> Iterator[Installation]:
    yield from _running("aiet")


def _running(preset: str) -> Iterator[Installation]:
    with temporary_installation(preset=preset) as installation:
        installation.start()
        await_worker(installation.demo)  # web answers first; the worker needs a moment more
        yield installation
