"""Python's logging, as data: words for a terminal, or one JSON object a line for a collector."""

import logging.config
from importlib.util import find_spec
from typing import Any

from kit.env import BadSetting

FORMATS = ("plain", "json")

# At their lowest levels these repeat statements with values, messages, or addresses with passwords.
TALKATIVE = ("django.db.backends", "psycopg", "amqp", "kombu", "celery.pool", "urllib3")


def logging_for(kind: str, *, level: str, dsn: str = "", environment: str = "") -> dict[str, Any]:
    """LOGGING. In JSON each request is a line; on a terminal only what went wrong. Faults are reported to `dsn`."""
    if kind not in FORMATS:
        raise BadSetting("HUILIAN_LOG_FORMAT", f"is {kind!r}; write one of {', '.join(FORMATS)}.")
    found: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": "config.sight.discretion.Discreet"}},
        "formatters": {
            "plain": {"()": "config.sight.lines.PlainLine"},
            "json": {"()": "config.sight.lines.JsonLine"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": kind, "filters": ["discreet"]}},
        "loggers": {
            # Django would add handlers of its own, one of them for mails with everything in them.
            "django": {"handlers": [], "propagate": True, "level": level},
            "django.server": {"handlers": [], "propagate": True},
            "huilian.requests": {"level": "INFO" if kind == "json" else level},
            **{name: {"level": "WARNING"} for name in TALKATIVE},
        },
        "root": {"handlers": ["console"], "level": level},
    }
    if dsn:
        if find_spec("sentry_sdk") is None:
            raise BadSetting("SENTRY_DSN", "is set, but the package is missing: install `huilian[sentry]`.")
        found["handlers"]["sentry"] = {
            "()": "config.sight.reporting.Reporter", "dsn": dsn, "environment": environment, "filters": ["discreet"],
        }  # fmt: skip
        found["root"]["handlers"].append("sentry")
    return found


def set_up_logging(**_: Any) -> None:
    """For Celery, which otherwise sets up formats of its own."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
