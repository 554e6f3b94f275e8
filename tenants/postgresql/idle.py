"""Idle connections of one process, kept per login and bounded as a whole.

A pool per society would start two threads each and could only bound each society, not their sum. A connection belongs
to a login for its whole life, so all that is needed is a place to lay it down and find it again.
"""

import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

import psycopg

Key = tuple[str, ...]


@dataclass(slots=True)
class _Idle:
    key: Key
    connection: "psycopg.Connection[tuple[object, ...]]"
    since: float = field(default_factory=time.monotonic)


class IdleConnections:
    """Least-recently-used store of idle connections; at most `limit` in all, none older than `max_idle` seconds."""

    def __init__(self, *, limit: int = 24, max_idle: float = 60.0, max_life: float = 1800.0) -> None:
        self.limit, self.max_idle, self.max_life = limit, max_idle, max_life
        self._idle: OrderedDict[int, _Idle] = OrderedDict()
        self._born: dict[int, float] = {}
        self._lock = threading.Lock()
        self._of_parent: list[object] = []
        os.register_at_fork(after_in_child=self._forget)

    def take(self, key: Key) -> "psycopg.Connection[tuple[object, ...]] | None":
        """An idle connection of this login that is alive, or None: the caller connects anew."""
        while True:
            with self._lock:
                found = next((i for i in reversed(self._idle.values()) if i.key == key), None)
                if found is None:
                    return None
                del self._idle[id(found.connection)]
            if found.connection.closed or time.monotonic() - found.since > self.max_idle or not _alive(found):
                self._discard(found.connection)
                continue
            return found.connection

    def lay_down(self, key: Key, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        """Keep the connection for the next request of this login; the longest unused makes room."""
        now = time.monotonic()
        born = self._born.setdefault(id(connection), now)
        if connection.closed or connection.info.transaction_status != 0 or now - born > self.max_life:
            self._discard(connection)
            return
        with self._lock:
            self._idle[id(connection)] = _Idle(key, connection)
            spare = [
                self._idle.pop(which).connection for which in list(self._idle)[: max(0, len(self._idle) - self.limit)]
            ]
            spare += [
                self._idle.pop(which).connection
                for which, idle in list(self._idle.items())
                if now - idle.since > self.max_idle
            ]
        for old in spare:
            self._discard(old)

    def close_all(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, OrderedDict()
        for one in idle.values():
            self._discard(one.connection)

    def __len__(self) -> int:
        return len(self._idle)

    def _discard(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._born.pop(id(connection), None)
        connection.close()

    def _forget(self) -> None:
        # The sockets are the parent's: closing them here would end the parent's sessions, so they are only kept away.
        self._of_parent.append((self._idle, self._born))
        self._idle, self._born, self._lock = OrderedDict(), {}, threading.Lock()


def _alive(idle: _Idle) -> bool:
    """A connection laid down a moment ago is trusted; an older one is asked, without a round trip where possible."""
    if time.monotonic() - idle.since < 1.0:
        return True
    try:
        idle.connection.execute("", prepare=False)
    except psycopg.Error:
        return False
    return True
