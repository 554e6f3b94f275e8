"""What the worker does for this room."""

from celery import shared_task

from huilian.applications.services import expire_unpaid, forget_drafts, remind_breached, remind_unpaid
from kit import clock
from tenants.context import current
from tenants.tasks import in_society


@shared_task
@in_society
def watch_clocks(society: str) -> None:
    """Let time act on the applications of one society; run as often as you like."""
    at = clock.now()
    on = clock.today(current().time_zone)
    expire_unpaid(on, at)
    remind_unpaid(on, at)
    remind_breached(on, at)
    forget_drafts(at)
