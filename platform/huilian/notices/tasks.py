"""What the worker does for this room."""

from celery import shared_task

from huilian.notices.services import send_waiting
from kit import clock
from tenants.tasks import in_society


@shared_task
@in_society
def send_queued(society: str) -> None:
    """Send the letters of one society that are due."""
    send_waiting(at=clock.now())
