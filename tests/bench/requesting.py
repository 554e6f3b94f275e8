"""Asking Django's whole handler for pages, in this process, host after host."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from statistics import median
from time import perf_counter, process_time
from typing import Any

URLCONF = "tests.bench.pages"


class Requests:
    """The WSGI handler as a server calls it, with request signals and the end of each response."""

    def __init__(self, hosts: Sequence[str]) -> None:
        from django.core.handlers.wsgi import WSGIHandler

        self._hosts = hosts
        self._handler = WSGIHandler()
        # The threads live on, like a server's: what a thread keeps open stays open.
        self._pools: dict[int, ThreadPoolExecutor] = {}

    def measure(self, *, path: str, count: int, threads: int) -> dict[str, Any]:
        """The median time of a request, its share of a processor, and requests per second, over hosts in rotation."""
        start, busy = perf_counter(), process_time()
        if threads == 1:
            times = self._rotate(path, count, 0)
        else:
            pool = self._pools.setdefault(threads, ThreadPoolExecutor(threads))
            shares = [pool.submit(self._rotate, path, count // threads, each * 7) for each in range(threads)]
            times = [time for share in shares for time in share.result()]
        rate = len(times) / (perf_counter() - start)
        return {"median": median(times), "busy": (process_time() - busy) / len(times), "rate": rate}

    def _rotate(self, path: str, count: int, first: int) -> list[float]:
        times = []
        for number in range(first, first + count):
            start = perf_counter()
            self._ask(self._hosts[number % len(self._hosts)], path)
            times.append(perf_counter() - start)
        return times

    def _ask(self, host: str, path: str) -> None:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
            said.append(status)
            return lambda data: None

        response = self._handler(environ, start_response)
        body = b"".join(response)
        response.close()
        if said != ["200 OK"] or not body:
            raise RuntimeError(f"{host}{path} answered {said}: {body[:200]!r}")
