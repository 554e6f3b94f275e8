"""Taking an application from one step of its route to the next, or to its end."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from federation.contracts import CaseClosed
from federation.outbox import publish
from huilian.applications.models import Application, StepRecord
from huilian.applications.route import Stop, due_on, dues_row, next_stop
from huilian.applications.services.changing import change
from huilian.applications.services.dues import withdraw_dues
from huilian.applications.services.reporting import report
from huilian.journal.services import record
from huilian.schemes.document import Category, Scheme
from huilian.schemes.queries import scheme_version, working_calendar
from tenants.context import current, law
from tenants.kinds import HEADQUARTERS_NUMBER

Outcome = StepRecord.Outcome
State = Application.State


@dataclass(slots=True)
class Walk:
    """One change of one application: where it goes, what is noted on the way, and who did it."""

    application: Application
    scheme: Scheme
    category: Category
    by: str
    at: datetime
    on: date  # the same moment on the wall of the society
    notes: list[StepRecord] = field(default_factory=list)
    has_papers: bool = True  # not, where it is known without asking that none came with it

    def note(
        self,
        outcome: Outcome,
        index: int,
        *,
        reason: str = "",
        due: date | None = None,
        at: datetime | None = None,
    ) -> None:
        """Remember what happened at a step; `finish` writes it."""
        kind = self.category.route[index].kind if index >= 0 else "submit"
        self.notes.append(
            StepRecord(
                application=self.application,
                step_index=index,
                kind=kind,
                outcome=outcome,
                actor=self.by,
                reason=reason,
                due_on=due,
                at=at or self.at,
            )
        )

    def move(self, *, after: int | None = None, **columns: object) -> Stop:
        """Go on to the next step at which something has to happen; `stepping.enter` does what belongs to it."""
        application = self.application
        passed = application.step_index if after is None else after
        dues = dues_row(self.scheme, self.category, on=self.on)
        asked = application.dues_unit_minor is not None
        stop = next_stop(self.category, passed, at_headquarters=law().aggregates, owes=asked or dues is not None)
        for index in stop.skipped:
            self.note(Outcome.SKIPPED, index)
        calendar = working_calendar(self.scheme.calendar, around=self.on)
        due = due_on(self.category, stop.step, entered_on=self.on, calendar=calendar)
        self.note(Outcome.ENTERED, stop.index, due=due)
        if stop.step.kind == "pay" and not asked and dues is not None:
            columns |= {"dues_unit_minor": dues.amount_minor, "dues_period_years": dues.period_years}
        change(
            application,
            state=State.IN_PROGRESS,
            step_index=stop.index,
            step=stop.step.kind,
            step_actor=stop.step.actor,
            step_entered_at=self.at,
            step_due_on=due,
            reminded_at=None,
            **columns,
        )
        return stop

    def end(
        self,
        state: State,
        outcome: Outcome,
        *,
        reason: str = "",
        reapply_on: date | None = None,
        **columns: object,
    ) -> None:
        """Stop here for good, and tell those elsewhere who still wait or may be paid."""
        application = self.application
        waited_for = application.step_actor if application.step != "confirm" else ""
        self.note(outcome, application.step_index, reason=reason)
        change(
            application,
            state=state,
            step="",
            step_actor="",
            step_due_on=None,
            ended_at=self.at,
            reasons=reason,
            reapply_on=reapply_on,
            **columns,
        )
        if state == State.MEMBER:
            return
        # What waited for headquarters is refused by headquarters alone, which then knows.
        if waited_for == "headquarters" and state != State.REFUSED:
            publish(CaseClosed(application_id=application.pk, reason=state.value), to=HEADQUARTERS_NUMBER)
        if application.dues_unit_minor is not None and application.bill_state != "cancelled":
            withdraw_dues(application, reason=state.value)

    def finish(self, verb: str, *, reason: str = "", **facts: object) -> None:
        """Write the notes, tell headquarters how the application stands, and journal; the journal goes last."""
        StepRecord.objects.bulk_create(self.notes)
        report(self.application)
        record(
            verb,
            self.application,
            by=self.by,
            at=self.at,
            reason=reason,
            reference=self.application.reference,
            state=self.application.state,
            step=self.application.step,
            **facts,
        )


def open_walk(application: Application, *, by: str, at: datetime) -> Walk:
    """Look at an application with the rules of the version it was made under."""
    scheme = scheme_version(application.scheme_version)
    return Walk(
        application=application,
        scheme=scheme,
        category=scheme.category(application.category),
        by=by,
        at=at,
        on=at.astimezone(ZoneInfo(current().time_zone)).date(),
    )
