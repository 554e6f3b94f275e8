"""What the worker does for this room."""

from celery import shared_task

from huilian.members.services import lapse_due_members
from kit import clock
from tenants.context import current
from tenants.tasks import in_society


@shared_task
@in_society
def lapse_due(society: str) -> None:
    """Let the members of one society lapse whose time is over; run as often as you like."""
    lapse_due_members(clock.today(current().time_zone), clock.now())
