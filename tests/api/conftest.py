"""A memory of throttles that starts empty for each test."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count each test's requests from nought: the limits are tested by themselves."""
    from django.core.cache.backends.locmem import LocMemCache

    from api.v1 import throttles

    empty = LocMemCache("throttles of one test", {})
    empty.clear()
    monkeypatch.setattr(throttles, "cache", empty)
    yield
