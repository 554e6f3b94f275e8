"""Doing several things at the same moment, each on a connection of its own, in one society."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from tenants.context import inside


def at_once(society: Any, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all acts together and return, in their order, what each returned or raised."""
    start = Barrier(len(acts), timeout=30)

    def run(act: Callable[[], Any]) -> Any:
        try:
            with inside(society):
                connection.ensure_connection()
                start.wait()
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))
