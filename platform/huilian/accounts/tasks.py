"""What the worker does for this room."""

from celery import shared_task

from huilian.accounts.services import forget_spent
from kit import clock
from tenants.tasks import in_society


@shared_task
@in_society
def tidy(society: str) -> None:
    """Forget attempts and codes of one society that have served their purpose."""
    forget_spent(at=clock.now())
