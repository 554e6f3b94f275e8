"""No code, token, contact or name reaches a log line, whoever writes it: what others put into messages is replaced."""

import logging
import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest

from config.sight.faults import kind_of
from config.sight.scene import METHODS, NO_VIEW, template_of

WITHHELD = "(withheld)"
# What Celery says of a task: which, how long, and of its words and values nothing.
_OF_A_TASK = ("id", "name", "runtime", "description", "hostname", "internal")
# What Django says of a request in words of its own; whatever else is an argument was sent by somebody.
_WORDS = frozenset({*METHODS, *(status.phrase for status in HTTPStatus)})
_REASONS = ("CSRF token ", "CSRF cookie not set.", "Origin checking failed", "Referer checking failed")
_ADDRESS = re.compile(r"(?<![\w.])/[^\s\"']*\?[^\s\"']*")


class Discreet(logging.Filter):
    """Changes records in passing; refuses none."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if record.name.startswith("django.security."):
            record.msg, record.args = "refused: %s", (record.name.removeprefix("django.security."),)
        elif isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(_harmless(value, request) for value in record.args)
        elif record.name.startswith("celery.") and isinstance(record.args, dict):
            record.args = {key: value if key in _OF_A_TASK else WITHHELD for key, value in record.args.items()}
        elif record.name.startswith("gunicorn."):
            record.args = _plain(record.args)
        elif isinstance(record.args, tuple):
            record.args = tuple(kind_of(value) if isinstance(value, BaseException) else value for value in record.args)
        return True


def without_queries(text: str) -> str:
    """The text with every address cut off at its query."""
    return _ADDRESS.sub(lambda found: found[0].partition("?")[0], text)


def _harmless(value: Any, request: HttpRequest) -> Any:
    """Django tells of a request its path, and what was sent where something else was expected."""
    if isinstance(value, BaseException):
        return kind_of(value)
    if not isinstance(value, str) or value in _WORDS:
        return value
    if value.startswith("/"):
        return template_of(request)
    known = next((reason for reason in _REASONS if value.startswith(reason)), None)
    return known or WITHHELD


def _plain(args: Any) -> Any:
    if not isinstance(args, tuple):
        return args
    return tuple(NO_VIEW if isinstance(value, str) and value.startswith("/") else value for value in args)
