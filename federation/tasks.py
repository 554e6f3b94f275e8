"""The border at work in the worker. A task may be lost or run twice: outbox and inbox are the truth."""

import logging
from typing import Any

from celery import Task, shared_task

from federation import inbox, relay, tidying
from kit import clock
from tenants import registry
from tenants.models import Society
from tenants.tasks import in_society

log = logging.getLogger(__name__)

HANDLE_AT_ONCE = 500
STALE_AFTER_SECONDS = 60  # by then the sweep has done what the task was for


def kick(task: "Task[Any, Any]", schema: str) -> None:
    """Ask for a task soon. No broker is no reason to fail: the sweep does the same a little later."""
    try:
        task.apply_async((schema,), retry=False, expires=STALE_AFTER_SECONDS)
    except Exception as error:
        log.warning("%s for %s was not queued: %s", task.name, schema, type(error).__name__)


@shared_task
def deliver(society: str) -> None:
    """Carry what this society wrote, and wake those it wrote to. Runs as the relay, inside no society."""
    _wake(relay.carry(society))


@shared_task
@in_society
def handle(society: str) -> None:
    """Handle what waits in this society; a long queue takes several tasks, so that others get their turn."""
    if inbox.handle_waiting(HANDLE_AT_ONCE) >= HANDLE_AT_ONCE:
        kick(handle, society)


@shared_task
def sweep() -> None:
    """Deliver and wake whatever a lost task left behind. Nothing to do costs two queries."""
    relay.deliver_all()
    open_schemas = {society.schema_name for society in _open()}
    for schema in relay.receivers_waiting():
        if schema in open_schemas:
            kick(handle, schema)


@shared_task
@in_society
def tidy(society: str) -> None:
    """Forget old messages that were delivered and handled."""
    tidying.forget_old(at=clock.now())


def _wake(receivers: Any) -> None:
    for society in _open():
        if society.number in receivers:
            kick(handle, society.schema_name)


def _open() -> list[Society]:
    return [s for s in registry.street_map().by_schema.values() if s.state == Society.State.OPEN]
