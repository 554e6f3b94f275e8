"""What a row alone tells of its past: how it counted from which day on.

Of a row that is seen for the first time the whole course is taken; of a known one only how it counts now, since what
lies before is remembered. `day` is the day of the report, for what the row does not date itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from federation.ledger.models import ApplicationEntry, FeeEntry, RollEntry
from tenants.context import current


@dataclass(frozen=True, slots=True)
class Stage:
    """How a row counts from a day on."""

    from_on: date
    cut: str
    amount_minor: int = 0


Course = tuple[Stage, ...]  # of one stage, or of two where what began has ended


def day_of(moment: datetime) -> date:
    """The day on headquarters' calendar."""
    return moment.astimezone(ZoneInfo(current().time_zone)).date()


def course_of_member(row: RollEntry, day: date) -> Course:
    """In standing since the day of joining; lapsed when the term was over, ended when that was reported."""
    began = Stage(row.joined_on, f"{row.kind}|{row.category}|active")
    if row.state == "active":
        return (began,)
    over = row.to_on if row.state == "lapsed" and row.to_on is not None and row.to_on < day else day
    return began, Stage(max(over, row.joined_on), f"{row.kind}|{row.category}|{row.state}")


def course_of_application(row: ApplicationEntry, day: date) -> Course:
    """Under way from submission to the day on which it ended."""
    began = Stage(day_of(row.submitted_at), f"{row.category}|in_progress")
    if row.state == "in_progress":
        return (began,)
    over = day if row.ended_at is None else day_of(row.ended_at)
    return began, Stage(max(over, began.from_on), f"{row.category}|{row.state}")


def course_of_fee(row: FeeEntry, day: date) -> Course:
    """Owed from the day of the bill until it is paid or cancelled; what is said to be on its way is owed still."""
    began = Stage(day_of(row.opened_at), f"{row.category}|open|{row.currency}", row.amount_minor)
    if row.state in ("open", "reported"):
        return (began,)
    over = day if row.settled_at is None or row.state != "settled" else day_of(row.settled_at)
    return began, Stage(max(over, began.from_on), f"{row.category}|{row.state}|{row.currency}", row.amount_minor)
