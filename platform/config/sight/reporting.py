"""Faults to Sentry, where SENTRY_DSN says so. An event is made of what the log line holds, and of nothing else."""

import logging
import traceback
from typing import Any

from config.sight.discretion import without_queries
from config.sight.faults import chain_of, file_of, kind_of
from config.sight.lines import facts_of_record

# What an event may have at its top; a library that adds something else adds it in vain.
KEPT = frozenset(
    {"event_id", "timestamp", "level", "logger", "platform", "release", "environment", "logentry", "exception", "tags"}
)


class Reporter(logging.Handler):
    """Sends what is logged as an error. The SDK looks at nothing by itself: neither requests nor variables."""

    def __init__(self, *, dsn: str, environment: str) -> None:
        super().__init__(level=logging.ERROR)
        import sentry_sdk

        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            default_integrations=False,
            auto_enabling_integrations=False,
            send_default_pii=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            server_name="-",
            before_send=scrub,
        )

    def emit(self, record: logging.LogRecord) -> None:
        import sentry_sdk

        event: dict[str, Any] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "logentry": {"message": without_queries(record.getMessage())},
            "tags": {name: str(value) for name, value in facts_of_record(record).items()},
        }
        if record.exc_info and record.exc_info[1] is not None:
            event["exception"] = {"values": [_told(error) for error in chain_of(record.exc_info[1])]}
        sentry_sdk.capture_event(event)  # type: ignore[arg-type]


def scrub(event: Any, hint: Any) -> Any:
    """Last before it leaves: only what was put in here."""
    return {name: value for name, value in event.items() if name in KEPT}


def _told(error: BaseException) -> dict[str, Any]:
    frames = [
        {"filename": file_of(frame), "lineno": frame.lineno, "function": frame.name}
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"type": type(error).__name__, "value": kind_of(error), "stacktrace": {"frames": frames}}
