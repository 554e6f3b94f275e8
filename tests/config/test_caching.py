"""A cache that is away: nothing is found, nothing fails, and a page does not wait for it again and again."""

import logging
import time
from collections.abc import Iterator

import pytest
from redis.exceptions import ConnectionError as NoRedis

from config.caching import LEFT_ALONE, PatientRedis


class _Client:
    """Redis' part: a dictionary, or nobody."""

    def __init__(self) -> None:
        self.kept: dict[str, object] = {}
        self.asked = 0
        self.away = False

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise NoRedis("refused")

    def get(self, key: str, default: object) -> object:
        self._ask()
        return self.kept.get(key, default)

    def set(self, key: str, value: object, timeout: int | None) -> None:
        self._ask()
        self.kept[key] = value

    def add(self, key: str, value: object, timeout: int | None) -> bool:
        self._ask()
        return key not in self.kept and self.kept.setdefault(key, value) is value

    def delete(self, key: str) -> bool:
        self._ask()
        return self.kept.pop(key, None) is not None

    def incr(self, key: str, delta: int) -> int:
        self._ask()
        self.kept[key] = int(str(self.kept[key])) + delta
        return int(str(self.kept[key]))


@pytest.fixture
def client() -> Iterator[_Client]:
    PatientRedis._away_until = 0.0
    yield _Client()
    PatientRedis._away_until = 0.0


@pytest.fixture
def cache(client: _Client) -> PatientRedis:
    made = PatientRedis("redis://localhost", {})
    made.__dict__["_cache"] = client
    return made


def test_it_keeps_and_counts(cache: PatientRedis) -> None:
    cache.set("page", "html")
    assert (cache.get("page"), cache.add("n", 1), cache.add("n", 1), cache.incr("n")) == ("html", True, False, 2)
    assert (cache.delete("page"), cache.get("page", "none")) == (True, "none")


def test_away_it_finds_and_keeps_nothing(
    cache: PatientRedis, client: _Client, caplog: pytest.LogCaptureFixture
) -> None:
    cache.set("page", "html")
    client.away, client.asked = True, 0
    with caplog.at_level(logging.WARNING, logger="config.caching"):
        cache.set("page", "newer")
        assert (cache.get("page"), cache.get("page", "none"), cache.add("n", 1), cache.delete("page")) == (
            None,
            "none",
            False,
            False,
        )
        with pytest.raises(ValueError, match="nothing is counted"):
            cache.incr("n")
    assert client.asked == 1, "only the first one waited"
    assert [record.getMessage() for record in caplog.records] == ["the cache cannot be reached: ConnectionError"]


def test_it_is_asked_again_after_a_moment(
    cache: PatientRedis, client: _Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.set("page", "html")
    client.away = True
    assert cache.get("page") is None
    client.away = False
    assert cache.get("page") is None
    later = time.monotonic() + LEFT_ALONE
    monkeypatch.setattr("config.caching.monotonic", lambda: later)
    assert cache.get("page") == "html"
