"""`/metrics` on a port of its own, for the monitoring alone: no society's host leads to it."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.db import connections
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.sight import figures, metrics
from config.sight.faults import describe
from config.sight.gathering import FOLDER, forget_the_dead

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 5.0
FAILED = figures.Figure(
    "huilian_survey_failed", "1 where the figures of a part could not be asked; they are then left out", "part"
)
BUILD = figures.Figure("huilian_build_info", "Always 1; the label says which version answers", "version")


class Survey(Collector):
    """The federation's figures, remembered for some seconds, however often somebody asks."""

    def __init__(self, parts: tuple[str, ...], *, seconds: float) -> None:
        self._parts, self._seconds = parts, seconds
        self._known: list[Metric] = []
        self._asked_at = -float("inf")

    def collect(self) -> Iterator[Metric]:
        if time.monotonic() - self._asked_at >= self._seconds:
            self._known = list(self._ask())
            self._asked_at = time.monotonic()
        yield from self._known

    def describe(self) -> Iterator[Metric]:
        yield from ()

    def _ask(self) -> Iterator[Metric]:
        failed: dict[str, float] = {}
        for part in self._parts:
            try:
                values = figures.ask(part)
            except Exception as error:
                log.warning("the figures of the %s could not be asked: %s", part, describe(error))
                failed[part] = 1.0
                continue
            finally:
                connections.close_all()
            failed[part] = 0.0
            for figure in figures.PARTS[part][1]:
                yield _gauge(figure, values[figure.name])
        yield _gauge(FAILED, failed)
        yield _gauge(BUILD, {_version(): 1.0})


def _gauge(figure: figures.Figure, value: float | dict[str, float]) -> Metric:
    family = GaugeMetricFamily(figure.name, figure.meaning, labels=[figure.label] if figure.label else [])
    for label, number in value.items() if isinstance(value, dict) else [("", value)]:
        family.add_metric([label] if figure.label else [], number)
    return family


def _version() -> str:
    try:
        return version("huilian")
    except PackageNotFoundError:
        return "source"


def registry(parts: tuple[str, ...]) -> CollectorRegistry:
    """Everything one scrape answers: this process's counts or those of all its siblings, and the survey."""
    if os.environ.get(FOLDER):
        found = CollectorRegistry()
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    else:
        found = CollectorRegistry()
        found.register(_Ours())
    found.register(Survey(parts, seconds=settings.METRICS_SECONDS))
    return found


class _Ours(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from metrics.REGISTRY.collect()

    def describe(self) -> Iterator[Metric]:
        yield from ()


def expose(parts: tuple[str, ...]) -> threading.Thread | None:
    """Answer from a thread of this process, if a port is configured. Of several processes the first one has the port;
    when it ends another takes over."""
    if not settings.METRICS_PORT:
        return None
    thread = threading.Thread(target=_serve, args=(registry(parts),), name="metrics", daemon=True)
    thread.start()
    return thread


def _serve(asked: CollectorRegistry) -> None:
    class Answer(BaseHTTPRequestHandler):
        """GET /metrics, and nothing else."""

        timeout = 5.0  # a silent client must not keep the port from others

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(404)
                return
            forget_the_dead()
            body = generate_latest(asked)
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    while True:
        try:
            server = HTTPServer((settings.METRICS_HOST, settings.METRICS_PORT), Answer)
        except OSError:
            time.sleep(TRY_AGAIN_SECONDS)
        else:
            server.serve_forever()
