"""What beat asks for, carried to every open society as a task of its own."""

from celery import shared_task
from django.utils.module_loading import import_string

from config import orders as orders  # its tasks are known to the worker by being imported here
from federation.ledger.reconciling import request_statements
from kit import clock
from tenants import registry
from tenants.context import headquarters, inside
from tenants.models import Society

# kind → society tasks, resolved when first needed
TASKS: dict[str, tuple[str, ...]] = {
    "notices": ("huilian.notices.tasks.send_queued",),
    "lists": ("huilian.members.tasks.take_over",),
    "clocks": (
        "huilian.applications.tasks.watch_clocks",
        "huilian.members.tasks.lapse_due",
        "huilian.members.tasks.tidy",
        "huilian.accounts.tasks.tidy",
        "api.tasks.tidy",
        "federation.tasks.tidy",
    ),
}
STALE_AFTER_SECONDS = {"notices": 30, "lists": 60, "clocks": 900}  # by then beat has asked again


@shared_task
def for_every_society(kind: str) -> None:
    """Queue the tasks of this kind for each open society."""
    tasks = [import_string(name) for name in TASKS[kind]]
    for society in registry.street_map().by_number.values():
        if society.state == Society.State.OPEN:
            for task in tasks:
                task.apply_async((society.schema_name,), expires=STALE_AFTER_SECONDS[kind])


@shared_task
def reconcile_nightly() -> None:
    """Ask every society for its statement; the comparison follows when the answers arrive."""
    with inside(headquarters()):
        request_statements(at=clock.now())
