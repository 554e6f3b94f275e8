"""No code, token, contact or name reaches a log line, whoever writes it: what others put into messages is replaced."""

import logging
import re
from typing import Any

from django.http import HttpRequest

from config.sight.faults import kind_of
from config.sight.scene import NO_VIEW, template_of

WITHHELD = "(withheld)"
# What Celery says of a task: which, how long, and of its words and values nothing.
_OF_A_TASK = ("id", "name", "runtime", "description", "hostname", "internal")
_ADDRESS = re.compile(r"(?<![\w.])/[^\s\"']*\?[^\s\"']*")


class Discreet(logging.Filter):
    """Changes records in passing; refuses none."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.args = _without(record.args, request)
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


def _without(args: Any, request: HttpRequest) -> Any:
    """Django tells the path of a request that failed, and of a refused host or origin what was sent."""
    if not isinstance(args, tuple):
        return args
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    paths = {request.path, request.path_info, request.get_full_path()}
    shown = []
    for value in args:
        if isinstance(value, str) and value in paths:
            shown.append(template_of(request))
        elif isinstance(value, BaseException):
            shown.append(kind_of(value))
        elif isinstance(value, str) and value not in known and request.path not in ("/", "") and request.path in value:
            shown.append(value.replace(request.path, template_of(request)))
        else:
            shown.append(value)
    return tuple(shown)


def _plain(args: Any) -> Any:
    if not isinstance(args, tuple):
        return args
    return tuple(NO_VIEW if isinstance(value, str) and value.startswith("/") else value for value in args)
