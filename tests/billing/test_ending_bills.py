"""A bill is settled or cancelled once, and money without a debt is owed back."""

from typing import Any
from uuid import UUID, uuid4

from federation.contracts import DuesWithdrawn
from huilian.billing import queries
from huilian.billing.models import Bill
from huilian.billing.services import (
    await_payment,
    book_settlement,
    cancel_bill,
    choose_years,
    reopen_bill,
    withdraw_dues,
)
from huilian.journal.models import Record
from kit.errors import Refusal
from tests.at_once import at_once
from tests.billing.books import LATER, WANG, balanced, balances, refused, withdrawn
from tests.billing.cast import AT, entries_of, opened, told


def test_a_payment_settles_the_bill(in_hq: Any) -> None:
    bill = choose_years(opened(), 2, AT)
    await_payment(bill, at=AT)
    book_settlement(bill, by=WANG, at=LATER)
    stored = Bill.objects.get()
    assert (stored.state, stored.settled_at, stored.version) == ("settled", LATER, 4)
    assert entries_of(bill)[-2:] == [("bank", 10000, None), ("receivable", -10000, None)]
    assert queries.balances() == balances(bank=10000, dues=-10000)
    assert [state for state, *_rest in told(bill)] == ["open", "open", "reported", "settled"]
    assert Record.objects.get(verb="bill.settled").actor == WANG
    assert balanced()


def test_a_rejected_payment_leaves_the_bill_open(in_hq: Any) -> None:
    bill = opened()
    await_payment(bill, at=AT)
    reopen_bill(bill, reason="金额不符", by=WANG, at=LATER)
    assert (bill.state, bill.version) == ("open", 3)
    assert told(bill)[-1] == ("open", 5000, 3, "金额不符")
    assert queries.balances() == balances(receivable=5000, dues=-5000)
    choose_years(bill, 3, LATER)
    await_payment(bill, at=LATER)
    book_settlement(bill, by=WANG, at=LATER)
    assert queries.balances() == balances(bank=15000, dues=-15000)


def test_a_bill_is_settled_once(in_hq: Any) -> None:
    bill = opened()
    assert refused(book_settlement, bill, by=WANG, at=AT).code == "bill_open"
    await_payment(bill, at=AT)
    assert refused(await_payment, bill, at=AT).code == "payment_being_checked"
    book_settlement(bill, by=WANG, at=AT)
    for act in (book_settlement, reopen_bill):
        facts = {"reason": "x"} if act is reopen_bill else {}
        assert refused(act, bill, by=WANG, at=AT, **facts).code == "bill_settled"
    assert queries.balances() == balances(bank=5000, dues=-5000)


def test_a_cancellation_reverses_and_keeps_every_row(in_hq: Any) -> None:
    bill = choose_years(opened(), 3, AT)
    cancel_bill(bill, reason="重复", by=WANG, at=LATER)
    assert (bill.state, bill.version) == ("cancelled", 3)
    assert told(bill)[-1] == ("cancelled", 15000, 3, "重复")
    assert queries.balances() == balances()
    assert len(entries_of(bill)) == 2 + 3 + 4
    assert all(year.amount_minor == 0 for year in queries.income_by_year())
    assert balanced()
    assert refused(cancel_bill, bill, reason="再次", by=WANG, at=LATER).code == "bill_cancelled"


def test_a_bill_whose_payment_is_being_checked_is_not_cancelled(in_hq: Any) -> None:
    bill = opened()
    assert refused(cancel_bill, bill, reason="  ", by=WANG, at=AT).code == "reason_missing"
    await_payment(bill, at=AT)
    error = refused(cancel_bill, bill, reason="撤回", by=WANG, at=AT)
    assert (error.code, error.status) == ("payment_being_checked", 409)
    assert Bill.objects.get().state == "reported"


def test_an_ended_application_cancels_its_open_bill(in_hq: Any) -> None:
    bill = opened()
    assert withdrawn(bill, sender="201") is None  # not theirs to withdraw
    withdrawn(bill)
    bill.refresh_from_db()
    assert (bill.state, told(bill)[-1][3]) == ("cancelled", "申请已撤回")
    withdrawn(bill)
    assert Bill.objects.get().version == 2 and balanced()


def test_ended_while_the_payment_is_checked_and_the_money_came_it_is_owed_back(in_hq: Any) -> None:
    bill = choose_years(opened(), 2, AT)
    await_payment(bill, at=AT)
    withdrawn(bill)
    bill.refresh_from_db()
    assert (bill.state, bill.withdrawn_at) == ("reported", LATER)
    book_settlement(bill, by=WANG, at=LATER)
    assert (bill.state, bill.settled_at) == ("cancelled", None)
    assert queries.balances() == balances(bank=10000, refunds_due=-10000)
    assert [(due.number, due.refund_minor) for due in queries.refunds_due()] == [(bill.number, 10000)]  # type: ignore[attr-defined]
    assert Record.objects.get(verb="bill.refund_due").facts["amount_minor"] == 10000
    assert balanced()


def test_ended_while_the_payment_is_checked_and_no_money_came_it_is_cancelled(in_hq: Any) -> None:
    bill = opened()
    await_payment(bill, at=AT)
    withdrawn(bill, reason="")
    bill.refresh_from_db()
    reopen_bill(bill, reason="查无此款", by=WANG, at=LATER)
    assert bill.state == "cancelled" and queries.balances() == balances()
    assert not queries.refunds_due().exists() and balanced()


def test_money_for_a_cancelled_bill_is_owed_back(in_hq: Any) -> None:
    bill = opened()
    cancel_bill(bill, reason="逾期", by=WANG, at=AT)
    book_settlement(bill, by=WANG, at=LATER)
    assert (bill.state, bill.version) == ("cancelled", 2)
    assert queries.balances() == balances(bank=5000, refunds_due=-5000)
    assert balanced()
    reopen_bill(bill, reason="x", by=WANG, at=LATER)
    assert bill.state == "cancelled"


def test_ended_after_it_was_paid_the_dues_are_owed_back(in_hq: Any) -> None:
    bill = choose_years(opened(), 3, AT)
    await_payment(bill, at=AT)
    book_settlement(bill, by=WANG, at=AT)
    withdrawn(bill)
    withdrawn(bill)
    assert queries.balances() == balances(bank=15000, refunds_due=-15000)
    assert [due.refund_minor for due in queries.refunds_due()] == [15000]  # type: ignore[attr-defined]
    assert Record.objects.filter(verb="bill.withdrawn").count() == 1
    assert balanced()


def test_an_application_without_a_bill_has_nothing_to_withdraw(in_hq: Any) -> None:
    message = DuesWithdrawn(application_id=uuid4(), reason="")
    assert withdraw_dues(message, sender="101", at=AT) is None


def test_of_settling_and_cancelling_at_once_one_wins(federation: Any) -> None:
    for _round in range(5):
        with federation.inside(federation.hq):
            bill = opened()

        def report(key: UUID = bill.pk) -> str:
            return await_payment(Bill.objects.get(pk=key), at=AT).state

        def cancel(key: UUID = bill.pk) -> str:
            return cancel_bill(Bill.objects.get(pk=key), reason="撤回", by=WANG, at=AT).state

        outcomes = at_once(federation.hq, [report, cancel, report, cancel])
        won = [outcome for outcome in outcomes if isinstance(outcome, str)]
        lost = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert (won, set(lost)) in [
            (["reported"], {"payment_being_checked"}),
            (["cancelled"], {"bill_cancelled"}),
        ]
        assert len(lost) == 3
        with federation.inside(federation.hq):
            assert Bill.objects.get(pk=bill.pk).version == 2 and balanced()
