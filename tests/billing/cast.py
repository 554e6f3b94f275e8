"""Dues of Li, asked for by the Welding branch."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from federation.contracts import DuesRequested
from federation.models import OutboxMessage
from huilian.billing.models import Bill, Entry
from huilian.billing.services import open_bill

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def dues(**changes: Any) -> DuesRequested:
    facts: dict[str, Any] = {
        "application_id": uuid4(),
        "member_id": None,
        "payer_name": "李申请",
        "category": "ordinary",
        "unit_minor": 5000,
        "currency": "CNY",
        "max_years": 5,
        "dues_resolution": "第十一届代表大会决议",
        "scheme_version": 1,
        "due_on": date(2026, 7, 1),
    }
    return DuesRequested(**{**facts, **changes})


def opened(message: DuesRequested | None = None, *, sender: str = "101", at: datetime = AT, **changes: Any) -> Bill:
    return open_bill(message or dues(**changes), sender=sender, at=at)


def entries_of(bill: Bill) -> list[tuple[str, int, date | None]]:
    rows = Entry.objects.filter(bill=bill).order_by("pk")
    return list(rows.values_list("account", "amount_minor", "for_year_from"))


def told(bill: Bill, message_type: str = "bill.reported") -> list[tuple[str, int, int, str]]:
    """(state, amount, version, reason) of every report of a bill, in order."""
    rows = OutboxMessage.objects.filter(type=message_type, payload__bill_id=str(bill.pk)).order_by("id")
    version = "bill_version" if message_type == "bill.reported" else "row_version"
    return [
        (
            row.payload["state"],
            row.payload["amount_minor"],
            row.payload[version],
            row.payload.get("reason", ""),
        )
        for row in rows
    ]
