"""What the worker does for this room."""

from celery import shared_task

from federation.tasks import kick
from huilian.members.models import MemberImport
from huilian.members.services import lapse_due_members
from huilian.members.services.importing import take_some, tidy_imports
from kit import clock
from tenants.context import current
from tenants.tasks import in_society

_AT_ONCE = 20  # batches in one task


@shared_task
@in_society
def lapse_due(society: str) -> None:
    """Let the members of one society lapse whose time is over; run as often as you like."""
    lapse_due_members(clock.today(current().time_zone), clock.now())


@shared_task
@in_society
def take_over(society: str) -> None:
    """Go on with the lists that were confirmed; run as often, and as many times at once, as you like."""
    for batch in MemberImport.objects.filter(state=MemberImport.State.RUNNING).order_by("confirmed_at"):
        for _some in range(_AT_ONCE):
            if not take_some(batch, at=clock.now()):
                break
        else:
            kick(take_over, society)  # a long list takes several tasks, so that others get their turn
            return


@shared_task
@in_society
def tidy(society: str) -> None:
    """Forget lists that nobody confirmed."""
    tidy_imports(at=clock.now())
