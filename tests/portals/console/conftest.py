import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.federation_fixture import Federation
from tests.portals.console.world import World, populated


@pytest.fixture
def world(federation: Federation) -> Iterator[World]:
    """A federation with something on every page; what was uploaded goes with it."""
    yield populated(federation)
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)
