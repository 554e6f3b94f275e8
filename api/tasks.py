"""What time does to the API's memory: answers are kept for two days, then forgotten."""

from celery import shared_task

from api.v1.idempotency import forget_answers
from kit import clock
from tenants.tasks import in_society


@shared_task
@in_society
def tidy(society: str) -> int:
    """Forget old idempotency keys of this society; returns how many."""
    return forget_answers(at=clock.now())
