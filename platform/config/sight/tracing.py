"""Spans to an OpenTelemetry collector, where OTEL_EXPORTER_OTLP_ENDPOINT says so; off, nothing of it is even imported.

Spans are made here and not by ready-made instruments, which would send paths and queries as they came: with referral
codes, links that work once, and names. Ours carry the view, the society's number and SQL with its placeholders.
The usual OTEL_ variables (service name, sampler, headers) are the library's own and work as its documentation says.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from config.sight.scene import method_of, template_of
from kit.env import BadSetting

MOST_SQL = 2000  # characters of one statement
CARRIED = "huilian_trace"  # the task header with the asking span's `traceparent`

_tracer: Any = None


def check_tracing(endpoint: str) -> str:
    """The endpoint, if what sends there is installed."""
    if endpoint and find_spec("opentelemetry.sdk") is None:
        raise BadSetting("OTEL_EXPORTER_OTLP_ENDPOINT", "is set, but the package is missing: install `huilian[otel]`.")
    return endpoint


def trace(process: str) -> Any:
    """In a process after its fork, for the exporter has a thread: from now on spans are sent, if it was told where.

    Returns the library's provider, or None.
    """
    from django.conf import settings

    if not settings.TRACES_TO or _tracer is not None:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.namespace": "huilian", "huilian.process": process}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace_into(provider)
    return provider


def trace_into(provider: Any) -> None:
    """Send spans of requests, tasks and statements to this provider; to none if it is None."""
    global _tracer
    from django.db.backends.signals import connection_created

    _tracer = None if provider is None else provider.get_tracer("huilian")
    if _tracer is None:
        connection_created.disconnect(_watch, dispatch_uid="tracing")
    else:
        connection_created.connect(_watch, dispatch_uid="tracing")


@contextmanager
def request_span(request: Any) -> Iterator[Callable[[int, dict[str, Any]], None] | None]:
    """Around one request; what it gives is told the status and the facts of the log line."""
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind

    with _started(method_of(request), kind=SpanKind.SERVER) as span:

        def tell(status: int, known: dict[str, Any]) -> None:
            route = template_of(request)
            span.update_name(f"{method_of(request)} {route}")
            span.set_attributes({"http.request.method": method_of(request), "http.route": route})
            span.set_attribute("http.response.status_code", status)
            span.set_attributes({f"huilian.{name}": str(value) for name, value in known.items()})
            if status >= 500:
                _mark_failed(span)

        yield tell


def begin_task(task_id: str, name: str, carried: str) -> Any:
    """A span that lasts until `end_task`, below the request that asked for the task."""
    if _tracer is None:
        return None
    from opentelemetry import context
    from opentelemetry.trace import SpanKind, set_span_in_context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    asked = TraceContextTextMapPropagator().extract({"traceparent": carried}) if carried else None
    attributes = {"celery.task_name": name, "messaging.message.id": task_id}
    span = _tracer.start_span(name, context=asked, kind=SpanKind.CONSUMER, attributes=attributes)
    return span, context.attach(set_span_in_context(span))


def end_task(begun: Any, outcome: str) -> None:
    if begun is None:
        return
    from opentelemetry import context

    span, token = begun
    span.set_attribute("celery.state", outcome)
    if outcome == "failure":
        _mark_failed(span)
    context.detach(token)
    span.end()


def carry(headers: dict[str, Any]) -> None:
    """Tell a task that is queued from which span it comes."""
    if _tracer is None:
        return
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    if "traceparent" in carrier:
        headers[CARRIED] = carrier["traceparent"]


def _watch(connection: Any, **_: Any) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_statement)


def _statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    from opentelemetry.trace import SpanKind, get_current_span

    if _tracer is None or not get_current_span().is_recording():
        return execute(sql, params, many, context)
    text = sql if isinstance(sql, str) else "composed"
    attributes = {"db.system.name": "postgresql", "db.query.text": text[:MOST_SQL]}
    with _started(
        text.split(None, 1)[0].upper() if text.strip() else "SQL", kind=SpanKind.CLIENT, attributes=attributes
    ):
        return execute(sql, params, many, context)


@contextmanager
def _started(name: str, **wishes: Any) -> Iterator[Any]:
    """A span that says of a fault only its kind: messages quote what people wrote."""
    with _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False, **wishes) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            _mark_failed(span)
            raise


def _mark_failed(span: Any) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR))
