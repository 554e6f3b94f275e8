"""The walk along a category's route: which step comes next, who acts there, and by when. Nothing is stored here."""

from dataclasses import dataclass
from datetime import date, timedelta

from huilian.schemes.document import Category, DuesRow, Scheme, Step, StepKind
from kit.calendar import WorkingCalendar
from kit.clock import HalfOpen, split_years

STAFF = ("society", "headquarters")
# The steps that only exist because money is owed.
MONEY = ("pay", "confirm")
# A scheme that came without `payment_days` still ends an unpaid application.
DEFAULT_PAYMENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Stop:
    """The step at which a walk halts, and the indices of those it passed by."""

    index: int
    step: Step
    skipped: tuple[int, ...] = ()

    @property
    def waits_for_staff(self) -> bool:
        """Whether somebody of the society or of headquarters decides here."""
        return self.step.actor in STAFF and self.step.kind != "confirm"

    @property
    def needs_nobody(self) -> bool:
        """Whether the applicant becomes a member here and now."""
        return self.step.kind == "activate" and not self.waits_for_staff


def next_stop(category: Category, after: int, *, at_headquarters: bool, owes: bool) -> Stop:
    """The first step after index `after` at which something has to happen; the last, activate, is never skipped.

    `at_headquarters`: the application lies with headquarters, which does not endorse to itself where the
    scheme says so. `owes`: dues are in force; without any, paying and confirming are passed by.
    """
    skipped: list[int] = []
    for index, step in enumerate(category.route[after + 1 :], start=after + 1):
        if (step.skip_at_headquarters and at_headquarters) or (step.kind in MONEY and not owes):
            skipped.append(index)
            continue
        return Stop(index, step, tuple(skipped))
    raise ValueError(f"the route of {category.code} ends without making anyone a member")


def due_on(category: Category, step: Step, *, entered_on: date, calendar: WorkingCalendar) -> date | None:
    """The last day for a step: working days by its clock, or calendar days to pay; None without a clock."""
    if step.kind == "pay":
        return entered_on + timedelta(days=category.payment_days or DEFAULT_PAYMENT_DAYS)
    if step.clock_days is None:
        return None
    return calendar.add_working_days(entered_on, step.clock_days)


def index_of(category: Category, kind: StepKind) -> int:
    """The index of the first step of a kind; -1 if the route has none."""
    return next((index for index, step in enumerate(category.route) if step.kind == kind), -1)


def dues_row(scheme: Scheme, category: Category, *, on: date) -> DuesRow | None:
    """The dues that arise on a day; None if nothing is owed."""
    row = scheme.dues_on(category, on)
    return row if row is not None and row.amount_minor > 0 else None


def years_on_offer(category: Category, row: DuesRow) -> int:
    """How many times the unit of dues can be paid at once: years of dues by the year, else one payment."""
    return category.max_years if row.period_years == 1 else 1


def entitlement(category: Category, *, paid_units: int | None, period_years: int = 1, from_on: date) -> list[HalfOpen]:
    """The dated years that a new member has: as many as are paid, or the category's term where it is free.

    A unit of dues pays for `period_years`; dues once for all (0) pay for the first term.
    """
    term = category.term if isinstance(category.term, int) else 1
    if paid_units is None:
        return split_years(from_on, term)
    return split_years(from_on, paid_units * (period_years or term))
