"""What belongs to each step, and what follows a decision, whoever took it."""

from datetime import datetime

from huilian.applications.models import Application, StepRecord
from huilian.applications.route import Stop
from huilian.applications.rules import reapply_date
from huilian.applications.services.activating import activate
from huilian.applications.services.cases import request_case
from huilian.applications.services.dues import owed, request_dues
from huilian.applications.services.telling import tell
from huilian.applications.services.walking import Walk

Outcome = StepRecord.Outcome
DECISIONS = ("endorse", "review")


def go_on(walk: Walk, *, after: int | None = None, **columns: object) -> None:
    """Walk to the next step after the present one, or after index `after`, and do what belongs to it."""
    enter(walk, walk.move(after=after, **columns))


def enter(walk: Walk, stop: Stop) -> None:
    """Ask whoever has to act at this step; where nobody has to, do it at once."""
    application = walk.application
    if stop.step.kind == "pay":
        request_dues(application, walk.scheme, walk.category, on=walk.on)
        tell("dues.please_pay", walk, amount=owed(application, walk.scheme), due_on=application.step_due_on)
    elif stop.waits_for_staff and stop.step.actor == "headquarters":
        request_case(application, stop, walk.notes)
    elif stop.needs_nobody:
        activate(walk)


def approve(walk: Walk, *, reason: str = "", decided_at: datetime | None = None) -> None:
    """The step is decided in the applicant's favour: tell them if it was the last to be decided, and go on."""
    application = walk.application
    index = application.step_index
    if application.step == "activate":
        activate(walk)
        return
    walk.note(Outcome.DONE, index, reason=reason, at=decided_at)
    if not any(step.kind in DECISIONS for step in walk.category.route[index + 1 :]):
        tell("application.approved", walk)
    go_on(walk)


def refuse(walk: Walk, *, reasons: str) -> None:
    """The application ends with reasons in writing, and the day from which to apply again."""
    reapply_on = reapply_date(walk.category, refused_on=walk.on)
    walk.end(Application.State.REFUSED, Outcome.REFUSED, reason=reasons, reapply_on=reapply_on)
    tell("application.refused", walk, reasons=reasons, reapply_on=reapply_on)
