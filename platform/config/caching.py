"""Redis as a cache that may be away: nothing lives in it alone, so nothing fails without it."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LEFT_ALONE = 2.0  # seconds; a page asks dozens of times, and is to wait once at most


class PatientRedis(RedisCache):
    """While Redis is away nothing is found and nothing kept; counting fails as for a key that was evicted."""

    _away_until = 0.0  # of this process, for all threads

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(PatientRedis, self).add(key, value, timeout, version), False))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(PatientRedis, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(lambda: super(PatientRedis, self).set(key, value, timeout, version), None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(PatientRedis, self).delete(key, version), False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        counted = self._try(lambda: super(PatientRedis, self).incr(key, delta, version), None)
        if counted is None:
            raise ValueError(f"nothing is counted under {key!r}")
        return int(counted)

    def _try(self, act: Callable[[], Any], otherwise: Any) -> Any:
        if monotonic() < PatientRedis._away_until:
            return otherwise
        try:
            return act()
        except RedisError as error:
            PatientRedis._away_until = monotonic() + LEFT_ALONE
            log.warning("the cache cannot be reached: %s", type(error).__name__)
            return otherwise
