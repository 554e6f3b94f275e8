"""One demonstration and one Chromium for all browser tests; where there is no Chromium they are skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium_path, running_chromium
from tests.browser.entrance import Entrance
from tests.journeys.demo import Demo, read_demo
from tests.journeys.installation import temporary_installation
from tests.journeys.office import await_worker


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.skip("there is no Chromium here (Debian: apt install chromium fonts-noto-cjk)")
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def demo(chromium: Browser) -> Iterator[Demo]:
    """What `make run` starts; or, while one writes tests, the one whose demo.json HUILIAN_DEMO names."""
    if given := os.environ.get("HUILIAN_DEMO"):
        yield read_demo(Path(given))
        return
    with temporary_installation() as installation:
        installation.start()
        await_worker(installation.demo)
        yield installation.demo


@pytest.fixture(scope="package")
def house(chromium: Browser, demo: Demo) -> Entrance:
    return Entrance(chromium, demo)


@pytest.fixture
def entrance(house: Entrance) -> Iterator[Entrance]:
    """Visitors for one test; afterwards no page may have faults or have asked another host for anything."""
    try:
        yield house
    finally:
        house.close_all()
    house.inspector.verdict()
