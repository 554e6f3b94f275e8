"""Changing a bill: always locked first, always by an allowed step, always one version on."""

from datetime import datetime

from django.db import connection

from huilian.billing.models import Bill
from huilian.billing.rules import STEPS, stands
from huilian.billing.services.reporting import report_bill


def lock_bill(bill: Bill) -> None:
    """Read the bill anew and keep others off it until the transaction ends; bills before payments."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction is none")
    bill.refresh_from_db(from_queryset=Bill.objects.select_for_update())


def step_to(bill: Bill, state: Bill.State, *, at: datetime, reason: str = "", **changes: object) -> None:
    """Take one step of `rules.STEPS` and report it; refuses with how the bill stands."""
    old = Bill.State(bill.state)
    if state not in STEPS[old]:
        raise stands(bill)
    change_bill(bill, at=at, reason=reason, state=state, **changes)


def change_bill(bill: Bill, *, at: datetime, reason: str = "", **changes: object) -> None:
    """Write changes to the locked bill as its next version, and report it."""
    changes["version"] = bill.version + 1
    unchanged = Bill.objects.filter(pk=bill.pk, state=bill.state, version=bill.version)
    if unchanged.update(**changes) != 1:
        raise RuntimeError(f"the bill {bill.number} changed while it was locked")
    for name, value in changes.items():
        setattr(bill, name, value)
    report_bill(bill, at=at, reason=reason)
