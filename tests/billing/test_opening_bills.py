"""A bill is opened once, and says for good what was owed when it arose."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from federation.models import OutboxMessage
from huilian.billing import queries
from huilian.billing.models import Bill, BillSerial, Entry
from huilian.billing.services import (
    await_payment,
    book_settlement,
    cancel_bill,
)
from huilian.journal.models import Record
from huilian.journal.queries import verify
from tests.at_once import at_once
from tests.billing.books import WANG, balanced, refused
from tests.billing.cast import AT, dues, entries_of, opened, told


def test_a_bill_states_what_is_owed_when_it_arose(in_hq: Any) -> None:
    message = dues()
    bill = Bill.objects.get(pk=opened(message).pk)
    assert bill.number == "B2026-0000001"
    assert (bill.society_number, bill.application_id) == ("101", message.application_id)
    assert (bill.unit_minor, bill.years, bill.amount_minor, bill.max_years) == (5000, 1, 5000, 5)
    assert (bill.currency, bill.state, bill.version) == ("CNY", "open", 1)
    assert (bill.opened_at, bill.due_on, bill.settled_at) == (AT, date(2026, 7, 1), None)
    assert (bill.payer_name, bill.dues_resolution) == ("李申请", "第十一届代表大会决议")
    assert entries_of(bill) == [("receivable", 5000, None), ("dues", -5000, date(2026, 6, 1))]
    assert told(bill) == told(bill, "fee.reported") == [("open", 5000, 1, "")]
    assert list(OutboxMessage.objects.order_by("id").values_list("type", "receiver")) == [
        ("fee.reported", "100"),
        ("bill.reported", "101"),
    ]
    assert Record.objects.get(verb="bill.opened").facts["number"] == "B2026-0000001"
    assert balanced() and verify() is None


def test_asked_again_it_is_the_same_bill_reported_again(in_hq: Any) -> None:
    message = dues()
    first, second = opened(message), opened(message)
    assert first == second
    assert (Bill.objects.count(), BillSerial.objects.get().last, Entry.objects.count()) == (1, 1, 2)
    assert told(first) == [("open", 5000, 1, ""), ("open", 5000, 1, "")]
    assert Record.objects.filter(verb="bill.opened").count() == 1


def test_the_same_application_id_of_another_society_is_another_debt(in_hq: Any) -> None:
    message = dues()
    assert opened(message).pk != opened(message, sender="201").pk


def test_a_renewal_is_known_by_the_member_while_it_is_unpaid(in_hq: Any) -> None:
    message = dues(application_id=None, member_id=uuid4())
    first = opened(message)
    assert opened(message) == first
    await_payment(first, at=AT)
    assert opened(message) == first
    book_settlement(first, by=WANG, at=AT)
    assert opened(message).number == "B2026-0000002"


def test_after_a_cancellation_the_debt_can_arise_anew(in_hq: Any) -> None:
    message = dues()
    first = opened(message)
    cancel_bill(first, reason="开错", by=WANG, at=AT)
    second = opened(message)
    assert (second.number, second.state) == ("B2026-0000002", "open")
    assert message.application_id is not None
    assert queries.bill_of_application("101", message.application_id) == second


def test_numbers_begin_anew_with_the_year_on_the_payees_wall(in_hq: Any) -> None:
    opened()
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert opened(at=new_year - timedelta(seconds=1)).number == "B2026-0000002"
    assert opened(at=new_year).number == "B2027-0000001"


def test_a_branch_is_no_payee(in_welding: Any) -> None:
    error = refused(opened)
    assert (error.code, error.status) == ("not_a_payee", 403)
    assert not Bill.objects.exists() and not BillSerial.objects.exists()


def test_a_province_is_a_payee(in_zhejiang: Any) -> None:
    bill = opened(sender="201")
    assert told(bill, "fee.reported") == [("open", 5000, 1, "")]
    assert set(OutboxMessage.objects.values_list("type", "receiver")) == {
        ("fee.reported", "100"),
        ("bill.reported", "201"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"unit_minor": 0},
        {"unit_minor": -100},
        {"max_years": 0},
        {"max_years": 51},
        {"currency": "XXX"},
        {"application_id": None},
    ],
)
def test_senseless_dues_are_refused(in_hq: Any, changes: dict[str, Any]) -> None:
    assert refused(opened, **changes).code == "dues_senseless"
    assert not Bill.objects.exists()


def test_many_bills_at_once_have_numbers_without_gap(federation: Any) -> None:
    messages = [dues() for _n in range(12)]

    def open_all() -> list[str]:
        return [opened(message).number for message in messages]

    # Everybody asks for everything: twelve debts, four workers.
    outcomes = at_once(federation.hq, [open_all] * 4)
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert sorted(outcomes[0]) == [f"B2026-{n:07}" for n in range(1, 13)]
    with federation.inside(federation.hq):
        assert (Bill.objects.count(), BillSerial.objects.get().last) == (12, 12)
        assert balanced()
