import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _no_vouchers_are_left() -> Iterator[None]:
    """What a test uploads goes with it."""
    yield
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)
