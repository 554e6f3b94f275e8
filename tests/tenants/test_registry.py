"""The street map: remembered for a moment, read again for who is not on it, and not at every stranger's wish."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tenants import registry
from tenants.registry import StreetMap


class Town:
    """Societies that other processes open, and a clock."""

    def __init__(self) -> None:
        self.now, self.reads = 1000.0, 0
        self.known: dict[str, Any] = {"101": "welding"}

    def read(self) -> StreetMap:
        self.reads += 1
        return StreetMap(by_host={}, by_schema={}, by_number=dict(self.known), hosts={}, read_at=self.now)


@pytest.fixture
def town(monkeypatch: Any, settings: Any) -> Iterator[Town]:
    town = Town()
    settings.STREET_MAP_SECONDS = 2
    monkeypatch.setattr(registry, "_read", town.read)
    monkeypatch.setattr(registry, "time", SimpleNamespace(monotonic=lambda: town.now))
    registry.forget()
    yield town
    registry.forget()


def test_a_society_that_another_process_has_just_opened_is_found(town: Town) -> None:
    assert registry.find("by_number", "101") == "welding"
    town.known["139"] = "additive"
    town.now += 0.3
    assert registry.find("by_number", "139") == "additive"
    assert town.reads == 2


def test_who_is_known_is_looked_up_in_memory(town: Town) -> None:
    for _ in range(100):
        town.now += 0.01
        assert registry.find("by_number", "101") == "welding"
    assert town.reads == 1


def test_strangers_do_not_have_it_read_at_will(town: Town) -> None:
    for _ in range(100):
        town.now += 0.01
        assert registry.find("by_number", "999") is None
    assert town.reads <= 5
