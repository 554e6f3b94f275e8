"""What a worker does at its start so that it can be seen; in no other process, and before any task is known."""

from typing import Any

from celery import signals
from django.conf import settings


def open_eyes(**_: Any) -> None:
    """Before anything else: where counts are kept is decided when the library is imported."""
    if settings.METRICS_PORT:
        from config.sight.gathering import gather

        gather()
    signals.worker_init.connect(_listen, weak=False, dispatch_uid="sight")


def _listen(**_: Any) -> None:
    """Once the models are there, and before the pool forks."""
    from config.examining.checks import refuse_to_serve
    from config.sight import answering, tasks

    refuse_to_serve()
    answering.listen()
    tasks.listen()
    signals.worker_process_init.connect(tasks.expose_child, weak=False, dispatch_uid="sight")
    signals.worker_ready.connect(tasks.expose_parent, weak=False, dispatch_uid="sight")
