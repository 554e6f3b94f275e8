"""An application as its applicant sees it: what was done, what happens now and by when, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huilian.applications.models import Application, StepRecord
from huilian.applications.route import MONEY, dues_row
from huilian.schemes.document import Category, Scheme, Step
from huilian.schemes.queries import scheme_version
from tenants.context import current, law

StepState = Literal["done", "now", "next", "skipped", "failed"]
Outcome = StepRecord.Outcome

_ENDS = {Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One stop of the route; `at` when it was done, `due_on` by when it is or was to be, `clock_days` how long."""

    kind: str  # submit | endorse | review | pay | confirm | activate
    state: StepState
    at: datetime | None = None
    due_on: date | None = None
    clock_days: int | None = None  # working days it takes once it is reached; of a step to come
    actor_text: str = ""
    reason: str = ""
    overdue: bool = False


def timeline(application: Application, *, on: date | None = None) -> list[TimelineStep]:
    """The whole way, from handing in to membership, in one query; `on` is the day by which lateness is judged."""
    scheme = scheme_version(application.scheme_version)
    category = scheme.category(application.category)
    records = list(StepRecord.objects.filter(application=application).order_by("id"))
    over = application.ended_at is not None
    steps = [_submission(application)]
    for index, step in enumerate(category.route):
        mine = [record for record in records if record.step_index == index]
        known = _known(step, mine, actor_text=actor_text(step, scheme))
        if known is not None and not _is_here(application, index):
            steps.append(known)
        elif _is_here(application, index):
            steps.append(_now(application, step, records, scheme, on=on))
        else:
            passed_by = over or _will_be_skipped(application, scheme, category, step)
            steps.append(
                TimelineStep(
                    kind=step.kind,
                    state="skipped" if passed_by else "next",
                    clock_days=step.clock_days,
                    actor_text=actor_text(step, scheme),
                )
            )
    return steps


def actor_text(step: Step, scheme: Scheme) -> str:
    """Who acts at a step, as the applicant knows them."""
    if step.actor == "applicant":
        return _("You")
    if step.actor == "headquarters":
        return scheme.headquarters_name.in_language(get_language() or "zh")
    return current().name if step.actor == "society" else _("Automatically")


def _submission(application: Application) -> TimelineStep:
    submitted = application.submitted_at is not None
    return TimelineStep(
        kind="submit", state="done" if submitted else "now", at=application.submitted_at, actor_text=_("You")
    )


def _known(step: Step, records: list[StepRecord], *, actor_text: str) -> TimelineStep | None:
    """A step about which something final was noted; None if not."""
    due = next((record.due_on for record in reversed(records) if record.outcome == Outcome.ENTERED), None)
    for record in reversed(records):
        if record.outcome in _ENDS:
            return TimelineStep(
                kind=step.kind,
                state="failed",
                at=record.at,
                due_on=due,
                actor_text=actor_text,
                reason=record.reason,
            )
        if record.outcome == Outcome.DONE:
            return TimelineStep(kind=step.kind, state="done", at=record.at, due_on=due, actor_text=actor_text)
        if record.outcome == Outcome.SKIPPED:
            return TimelineStep(kind=step.kind, state="skipped", actor_text=actor_text)
    return None


def _now(
    application: Application, step: Step, records: list[StepRecord], scheme: Scheme, *, on: date | None
) -> TimelineStep:
    due = application.step_due_on
    # Back at paying: why the voucher was not accepted.
    returned = [record.reason for record in records if record.outcome == Outcome.RETURNED]
    return TimelineStep(
        kind=step.kind,
        state="now",
        due_on=due,
        clock_days=step.clock_days,
        actor_text=actor_text(step, scheme),
        reason=returned[-1] if returned and step.kind == "pay" else "",
        overdue=on is not None and due is not None and due < on,
    )


def _is_here(application: Application, index: int) -> bool:
    return application.state == Application.State.IN_PROGRESS and application.step_index == index


def _will_be_skipped(application: Application, scheme: Scheme, category: Category, step: Step) -> bool:
    if step.skip_at_headquarters and law().aggregates:
        return True
    if step.kind not in MONEY or application.dues_unit_minor is not None:
        return False
    begun = application.submitted_at or application.created_at
    return dues_row(scheme, category, on=begun.date()) is None
