"""Broker, queues and beat's timetable, as data: read by the worker's application and by beat's."""

from typing import Any

from celery import Celery, signals
from django.conf import settings

from config import filequeue as filequeue  # `filesystem://` is ours from here on
from config.sight.passing import pass_on
from config.sight.setup import set_up_logging


def _transport() -> dict[str, Any]:
    if not settings.BROKER_URL.startswith("filesystem"):
        return {"visibility_timeout": 300, "unacked_restore_interval": 10}
    folder = settings.DATA_DIR / "queue"
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.1,
    }


def configure(app: Celery) -> Celery:
    """The settings that worker and beat share."""
    signals.setup_logging.connect(set_up_logging, weak=False, dispatch_uid="sight")
    signals.before_task_publish.connect(pass_on, weak=False, dispatch_uid="sight")
    app.conf.update(
        broker_url=settings.BROKER_URL,
        broker_transport_options=_transport(),
        broker_connection_retry_on_startup=True,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_always_eager=settings.TASKS_EAGER,
        task_default_queue="societies",
        task_routes={"config.orders.*": {"queue": "provision"}},
        worker_prefetch_multiplier=4,
        worker_hijack_root_logger=False,
        timezone="UTC",
        beat_schedule={
            # Nothing piles up while the worker is away: the next one does the same work.
            "sweep-border": {"task": "federation.tasks.sweep", "schedule": 3.0, "options": {"expires": 3.0}},
            "send-notices": {"task": "config.tasks.for_every_society", "schedule": 30.0, "args": ["notices"]},
            "take-over-lists": {"task": "config.tasks.for_every_society", "schedule": 60.0, "args": ["lists"]},
            "clocks": {"task": "config.tasks.for_every_society", "schedule": 900.0, "args": ["clocks"]},
            "reconcile": {"task": "config.tasks.reconcile_nightly", "schedule": 86400.0},
            "orders": {"task": "config.orders.sweep", "schedule": 10.0, "options": {"expires": 10.0}},
        },
    )
    return app
