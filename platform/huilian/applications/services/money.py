"""What the payee reports of a bill, and what follows for the application."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import BillReported
from huilian.applications.models import Application, StepRecord
from huilian.applications.route import MONEY, index_of
from huilian.applications.services.changing import locked
from huilian.applications.services.dues import PAYEE, withdraw_dues
from huilian.applications.services.stepping import go_on
from huilian.applications.services.telling import tell
from huilian.applications.services.walking import Walk, open_walk
from huilian.journal.actors import headquarters_actor
from huilian.journal.services import record
from kit.errors import Refusal
from kit.money import Money

Outcome = StepRecord.Outcome
State = Application.State
OPEN, REPORTED, SETTLED, CANCELLED = "open", "reported", "settled", "cancelled"


@transaction.atomic
def receive_bill(message: BillReported, *, sender: str = PAYEE, at: datetime) -> Application | None:
    """Follow the bill: voucher received, rejected, settled, cancelled. Old and repeated news change nothing.

    Raises Refusal `not_theirs_to_say` or `unknown_application`.
    """
    if sender != PAYEE:
        raise Refusal("not_theirs_to_say", _("Only whoever was asked for the bill reports it."), status=403)
    if message.application_id is None:
        return None
    application = locked(message.application_id)
    known = application.bill_version if application.bill_id == message.bill_id else 0
    # What was noted before the application came here again, after a return from a backup, counts now.
    if known > message.bill_version or (known == message.bill_version and not _is_behind(application, message)):
        return None
    walk = open_walk(application, by=headquarters_actor(f"bill {message.number}"), at=at)
    if application.state != State.IN_PROGRESS:
        _ignore(walk, message)
        return None
    if application.step in MONEY:
        _FOLLOW[message.state](walk, message)
    else:
        _note(application, message)
    return application


def _is_behind(application: Application, message: BillReported) -> bool:
    """Whether the application waits for what the bill says has happened."""
    happened = {"pay": (REPORTED, SETTLED, CANCELLED), "confirm": (SETTLED, CANCELLED)}
    return application.state == State.IN_PROGRESS and message.state in happened.get(application.step, ())


def _opened(walk: Walk, message: BillReported) -> None:
    """A new bill; or an old one that is open again because its voucher was rejected."""
    application = walk.application
    if application.step == "pay":
        _note(application, message)
        return
    walk.note(Outcome.RETURNED, application.step_index, reason=message.reason, at=message.at)
    # The time to pay starts anew: checking the first voucher has cost the applicant part of it.
    walk.move(after=index_of(walk.category, "pay") - 1, **_columns(message))
    tell(
        "payment.rejected",
        walk,
        amount=_amount(message),
        bill_number=message.number,
        reason=message.reason,
        due_on=application.step_due_on,
    )
    walk.finish("bill.returned", reason=message.reason, bill=message.number)


def _reported(walk: Walk, message: BillReported) -> None:
    """A voucher is there: the applicant has paid, now it is for the payee to confirm."""
    application = walk.application
    if application.step == "confirm":
        _note(application, message)
        return
    walk.note(Outcome.DONE, application.step_index, at=message.at)
    go_on(walk, **_columns(message))
    walk.finish("bill.reported", bill=message.number, years=message.years, amount_minor=message.amount_minor)


def _settled(walk: Walk, message: BillReported) -> None:
    """The money is there."""
    application = walk.application
    confirm = index_of(walk.category, "confirm")
    if application.step == "pay":
        walk.note(Outcome.DONE, application.step_index, at=message.at)
    walk.note(Outcome.DONE, confirm, at=message.at)
    tell(
        "payment.received",
        walk,
        amount=_amount(message),
        bill_number=message.number,
        years=message.years if application.dues_period_years == 1 else None,
    )
    go_on(walk, after=confirm, **_columns(message))
    walk.finish("bill.settled", bill=message.number, years=message.years, amount_minor=message.amount_minor)


def _cancelled(walk: Walk, message: BillReported) -> None:
    """The payee expects no money any more: nobody waits for ever."""
    walk.end(State.EXPIRED, Outcome.EXPIRED, reason=message.reason, **_columns(message))
    tell("application.expired", walk)
    walk.finish("application.expired", reason=message.reason, bill=message.number)


_FOLLOW = {OPEN: _opened, REPORTED: _reported, SETTLED: _settled, CANCELLED: _cancelled}


def _ignore(walk: Walk, message: BillReported) -> None:
    """News of a bill whose application has ended; money that came all the same is asked to be given back."""
    application = walk.application
    paid = message.state in (REPORTED, SETTLED) and application.bill_state != message.state
    _note(application, message)
    if paid and application.state != State.MEMBER:
        withdraw_dues(application, reason=application.state)
    record(
        "bill.ignored",
        application,
        by=walk.by,
        at=walk.at,
        bill=message.number,
        bill_state=message.state,
        state=application.state,
    )


def _note(application: Application, message: BillReported) -> None:
    """Keep what the bill says; it is no part of what headquarters knows of the application."""
    columns = _columns(message)
    Application.objects.filter(pk=application.pk).update(**columns)
    for name, value in columns.items():
        setattr(application, name, value)


def _columns(message: BillReported) -> dict[str, Any]:
    return {
        "bill_id": message.bill_id,
        "bill_number": message.number,
        "bill_state": message.state,
        "bill_years": message.years,
        "bill_amount_minor": message.amount_minor,
        "bill_version": message.bill_version,
    }


def _amount(message: BillReported) -> Money:
    return Money(message.amount_minor, message.currency)
