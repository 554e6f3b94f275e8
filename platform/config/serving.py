"""gunicorn's own settings file (`--config python:config.serving`): what its processes do to be seen."""

import gc
import logging
import os
from importlib import import_module
from typing import Any

from gunicorn.glogging import Logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.sight.gathering import gather
from config.sight.setup import set_up_logging

# Longer than proxies keep an idle connection (nginx: 60 s): else one is closed here just as a form is sent on it.
keepalive = 75

if settings.METRICS_PORT:
    gather()


class PlainLogger(Logger):  # type: ignore[misc]
    """gunicorn's words go where all others go, in the same form."""

    def setup(self, cfg: Any) -> None:
        set_up_logging()
        self.error_log.handlers, self.error_log.propagate = [], True
        self.error_log.setLevel(self.LOG_LEVELS.get(cfg.loglevel.lower(), logging.INFO))
        self.access_log.disabled = True  # there is a line for each request already


logger_class = PlainLogger


def when_ready(server: Any) -> None:
    """Before the first request: with a known key or a page for developers, none is answered.

    What every process needs is imported now and left alone by the collector, so that they share its memory.
    """
    import django

    django.setup()
    from config.examining.checks import refuse_to_serve

    refuse_to_serve()
    for kind in settings.TENANT_TYPES.values():
        import_module(kind["URLCONF"])
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """In each process that answers: threads do not survive a fork, so each tries to have the port."""
    from config.sight import exposing, figures, tracing

    exposing.expose(figures.parts_of_web())
    tracing.trace("web")
