"""What is asked of the books after each act."""

from datetime import timedelta
from typing import Any

import pytest

from federation.contracts import DuesWithdrawn
from huilian.billing import queries
from huilian.billing.models import Bill
from huilian.billing.services import (
    withdraw_dues,
)
from kit.errors import Refusal
from tests.billing.cast import AT

LATER = AT + timedelta(days=3)
WANG = "user:7 王财务"


def refused(act: Any, *args: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **facts)
    assert "%(" not in str(caught.value)
    return caught.value


def balanced() -> bool:
    return (
        queries.unbalanced_transactions() == []
        and queries.bills_out_of_books() == []
        and sum(queries.balances().values()) == 0
    )


def balances(**expected: int) -> dict[str, int]:
    return {"receivable": 0, "bank": 0, "dues": 0, "refunds_due": 0} | expected


def withdrawn(bill: Bill, *, sender: str = "101", reason: str = "申请已撤回") -> Bill | None:
    assert bill.application_id is not None
    return withdraw_dues(DuesWithdrawn(application_id=bill.application_id, reason=reason), sender=sender, at=LATER)
