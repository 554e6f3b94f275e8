"""Celery's tasks are counted and timed, and carry the id of the request that asked for them."""

import logging
from time import perf_counter, time
from typing import Any

from celery import signals

from config.sight import exposing, figures, metrics, tracing
from config.sight.scene import TASK_HEADER, Scene, scene
from tenants.postgresql.base import idle_connections

log = logging.getLogger("huilian.tasks")

# task id → when, and its span; tasks of one process have ids of their own
_began: dict[str, tuple[float, Any]] = {}


def listen() -> None:
    """Hear of every task of this process from now on."""
    signals.task_prerun.connect(begin, weak=False, dispatch_uid="sight")
    signals.task_postrun.connect(end, weak=False, dispatch_uid="sight")


def begin(task_id: str, task: Any, **_: Any) -> None:
    span = tracing.begin_task(task_id, task.name, str(getattr(task.request, tracing.CARRIED, None) or ""))
    _began[task_id] = perf_counter(), span
    request_id = getattr(task.request, TASK_HEADER, None) or ""
    scene.set(Scene(request_id=str(request_id), task_id=task_id, task=task.name))
    metrics.TASK_STARTED.labels(task=task.name).set(time())


def end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    began, span = _began.pop(task_id, (perf_counter(), None))
    seconds = perf_counter() - began
    outcome = {"SUCCESS": "success", "RETRY": "retry"}.get(state or "", "failure")
    metrics.TASKS.labels(task=task.name, outcome=outcome).inc()
    metrics.TASK_SECONDS.labels(task=task.name).observe(seconds)
    metrics.IDLE_CONNECTIONS.set(len(idle_connections))
    log.debug("ended", extra={"facts": {"outcome": outcome, "duration_ms": round(seconds * 1000, 1)}})
    tracing.end_task(span, outcome)
    scene.set(None)


def expose_child(**_: Any) -> None:
    """In a child of the prefork pool: threads do not survive a fork, so each child tries to have the port."""
    exposing.expose(figures.parts_of_worker())
    tracing.trace("worker")


def expose_parent(sender: Any, **_: Any) -> None:
    """In the worker itself, where its pool consists of threads."""
    if "prefork" not in sender.controller.pool_cls.__module__:
        exposing.expose(figures.parts_of_worker())
        tracing.trace("worker")
