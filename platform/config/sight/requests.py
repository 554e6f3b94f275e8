"""First of all middleware: every answer is counted, timed, told in one log line, and carries its request's id."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from config.sight import metrics, tracing
from config.sight.scene import KEPT, Scene, facts, given_id, method_of, scene, view_of
from tenants.postgresql.base import idle_connections

log = logging.getLogger("huilian.requests")

HEADER = "X-Request-ID"


class Sight:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        now = Scene(request_id=given_id(request.headers.get(HEADER, "")), request=request)
        request.META[KEPT] = now.request_id
        token = scene.set(now)
        metrics.REQUESTS_UNDER_WAY.inc()
        try:
            with tracing.request_span(request) as tell_span:
                response = self.get_response(request)
                response.headers[HEADER] = now.request_id
                self._tell(request, response.status_code, perf_counter() - began)
                if tell_span is not None:
                    tell_span(response.status_code, facts())
        finally:
            metrics.REQUESTS_UNDER_WAY.dec()
            scene.reset(token)
        return response

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        view = view_of(request)
        metrics.REQUESTS.labels(view=view, method=method_of(request), status=f"{status // 100}xx").inc()
        metrics.IDLE_CONNECTIONS.set(len(idle_connections))
        if view == "healthz":
            return
        metrics.REQUEST_SECONDS.labels(view=view).observe(seconds)
        log.info("answered", extra={"facts": {"view": view, "status": status, "duration_ms": round(seconds * 1000, 1)}})
