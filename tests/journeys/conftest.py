"""Both federations, each started once per run as `make run` starts it."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation
from tests.journeys.office import await_worker


@pytest.fixture(scope="session")
def cmes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield from _running(Installation(tmp_path_factory.mktemp("journeys") / "cmes"))


@pytest.fixture(scope="session")
def aiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield from _running(Installation(tmp_path_factory.mktemp("journeys") / "aiet", preset="aiet"))


def _running(installation: Installation) -> Iterator[Installation]:
    try:
        installation.start()
        await_worker(installation.demo)  # web answers first; the worker needs a moment more
        yield installation
    finally:
        installation.stop()
