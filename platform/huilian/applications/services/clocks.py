"""What time does: asks once more, ends what is not paid, forgets drafts that nobody came back to."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from huilian.applications.models import Application, StepRecord
from huilian.applications.papers import forget_papers
from huilian.applications.route import STAFF
from huilian.applications.services.dues import owed
from huilian.applications.services.telling import tell
from huilian.applications.services.walking import open_walk
from huilian.journal.actors import SYSTEM
from huilian.journal.services import record

State = Application.State
Outcome = StepRecord.Outcome

# So long before the time to pay is over, the applicant is asked once more.
REMIND_BEFORE = timedelta(days=7)
DRAFTS_KEPT = timedelta(days=90)
_TOGETHER = 500


def expire_unpaid(on: date, at: datetime) -> int:
    """End every application whose time to pay was over before `on`; returns how many."""
    return _each(Q(step="pay", step_due_on__lt=on), partial(_expire, at=at))


def remind_unpaid(on: date, at: datetime) -> int:
    """Ask those once more whose time to pay is nearly over and who were not asked again yet; returns how many."""
    soon = Q(step="pay", reminded_at=None, step_due_on__gte=on, step_due_on__lte=on + REMIND_BEFORE)
    # Whoever was asked a moment ago, because there is little time, is not asked twice.
    return _each(soon & Q(step_entered_at__lte=at - REMIND_BEFORE), partial(_ask_again, at=at))


def remind_breached(on: date, at: datetime) -> int:
    """Note every step of staff whose clock ran out before `on`, once each; returns how many.

    The application stands out as overdue in the queue, in the applicant's timeline and in the journal.
    """
    late = Q(step_actor__in=STAFF, reminded_at=None, step_due_on__lt=on)
    return _each(late, partial(_note_breach, at=at))


def forget_drafts(at: datetime) -> int:
    """Delete drafts, and their papers, that were begun long ago and never handed in; returns how many."""
    old = Application.objects.filter(state=State.DRAFT, created_at__lt=at - DRAFTS_KEPT)
    forgotten = 0
    for pk in list(old.values_list("pk", flat=True)[:_TOGETHER]):
        with transaction.atomic():
            draft = old.select_for_update(skip_locked=True).filter(pk=pk).first()
            if draft is not None:
                forget_papers(draft)
                draft.delete()
                forgotten += 1
    return forgotten


def _each(due: Q, act: Callable[[Application], bool]) -> int:
    """Do it to each application that is due, one transaction each; one that somebody holds comes next time."""
    waiting = Application.objects.filter(due, state=State.IN_PROGRESS)
    return sum(_one(pk, due, act) for pk in list(waiting.order_by("step_due_on").values_list("pk", flat=True)))


@transaction.atomic
def _one(pk: UUID, due: Q, act: Callable[[Application], bool]) -> bool:
    held = Application.objects.select_for_update(skip_locked=True)
    application = held.filter(due, pk=pk, state=State.IN_PROGRESS).first()
    return application is not None and act(application)


def _expire(application: Application, *, at: datetime) -> bool:
    walk = open_walk(application, by=SYSTEM, at=at)
    due = application.step_due_on
    walk.end(State.EXPIRED, Outcome.EXPIRED)
    tell("application.expired", walk, due_on=due)
    walk.finish("application.expired", due_on=due)
    return True


def _ask_again(application: Application, *, at: datetime) -> bool:
    walk = open_walk(application, by=SYSTEM, at=at)
    amount = owed(application, walk.scheme)
    tell(
        "dues.please_pay",
        walk,
        amount=amount,
        bill_number=application.bill_number,
        due_on=application.step_due_on,
    )
    _remember_reminder(application, at=at)
    record("application.reminded", application, by=SYSTEM, at=at, due_on=application.step_due_on)
    return True


def _note_breach(application: Application, *, at: datetime) -> bool:
    walk = open_walk(application, by=SYSTEM, at=at)
    step = walk.category.route[application.step_index]
    if step.on_breach == "none":
        return False
    walk.note(Outcome.OVERDUE, application.step_index, due=application.step_due_on)
    StepRecord.objects.bulk_create(walk.notes)
    _remember_reminder(application, at=at)
    record(
        "application.overdue",
        application,
        by=SYSTEM,
        at=at,
        step=application.step,
        due_on=application.step_due_on,
        on_breach=step.on_breach,
    )
    return True


def _remember_reminder(application: Application, *, at: datetime) -> None:
    Application.objects.filter(pk=application.pk).update(reminded_at=at)
