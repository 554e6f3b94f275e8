"""Where time goes inside a process: named functions are timed from outside, each without what it calls."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import perf_counter, thread_time
from typing import Any

from django.utils.module_loading import import_string


class Stopwatch:
    """Seconds by (phase, name), and those of them that this thread spent on a processor.

    Time spent in a watched function inside another counts for the inner one only.
    """

    def __init__(self) -> None:
        self.phase = ""
        self.spent: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.busy: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._names: list[str] = []
        self._last = self._last_busy = 0.0

    @contextmanager
    def watching(self, name: str) -> Iterator[None]:
        """Whatever happens in the block and is not watched under another name counts here."""
        self._turn()
        self._names.append(name)
        try:
            yield
        finally:
            self._turn()
            self._names.pop()

    def watch(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The same function, watched; silent outside of any `watching`."""

        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if not self._names:
                return function(*args, **kwargs)
            with self.watching(name):
                return function(*args, **kwargs)

        return watched

    def watch_everywhere(self, path: str, name: str) -> None:
        """Watch a function, or a class's method, under whatever names modules have imported it."""
        owner, _, attribute = path.rpartition(".")
        holder = sys.modules.get(owner) or import_string(owner)
        original = getattr(holder, attribute)
        watched = self.watch(original, name)
        setattr(holder, attribute, watched)
        for module in list(sys.modules.values()):
            for alias, value in list(vars(module).items()) if hasattr(module, "__dict__") else ():
                if value is original:
                    setattr(module, alias, watched)

    def _turn(self) -> None:
        now, busy = perf_counter(), thread_time()
        if self._names:
            self.spent[self.phase, self._names[-1]] += now - self._last
            self.busy[self.phase, self._names[-1]] += busy - self._last_busy
        self._last, self._last_busy = now, busy
