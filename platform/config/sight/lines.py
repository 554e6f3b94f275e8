"""The two forms of a log line."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.sight.discretion import without_queries
from config.sight.faults import stack_of
from config.sight.scene import facts, facts_of


def facts_of_record(record: logging.LogRecord) -> dict[str, Any]:
    """Where it was written, and what the line itself has to say in numbers."""
    found = facts()
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        found.update(facts_of(request))
    found.update(getattr(record, "facts", {}))
    return found


def _stack(record: logging.LogRecord) -> str:
    return stack_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] is not None else ""


class JsonLine(logging.Formatter):
    """One object a line; a line break in a message is escaped, so nobody can write a second line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_queries(record.getMessage()),
            **facts_of_record(record),
        }
        if stack := _stack(record):
            line["exception"] = stack
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainLine(logging.Formatter):
    """Words for a terminal. Developers see a fault's own words; everybody else its kind and its places."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = without_queries(record.message).replace("\n", "\\n").replace("\r", "\\r")
        told = " ".join(f"{name}={value}" for name, value in facts_of_record(record).items())
        return f"{super().formatMessage(record)}{' · ' if told else ''}{told}"

    def format(self, record: logging.LogRecord) -> str:
        if not settings.DEBUG:
            record.exc_text = _stack(record) or None  # Python's own text would repeat the fault's words
        return super().format(record)
