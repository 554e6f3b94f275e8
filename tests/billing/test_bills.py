"""A bill is opened once, changed only while nothing is paid, and its books balance at every step."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from federation.contracts import DuesWithdrawn
from federation.models import OutboxMessage
from huilian.billing import queries
from huilian.billing.booking import Side, book
from huilian.billing.models import Account, Bill, BillSerial, Entry
from huilian.billing.services import (
    await_payment,
    book_settlement,
    cancel_bill,
    choose_years,
    open_bill,
    reopen_bill,
    replay,
    withdraw_dues,
)
from huilian.billing.services.changing import change_bill, lock_bill, step_to
from huilian.journal.models import Record
from huilian.journal.queries import verify
from kit.errors import Refusal
from tests.at_once import at_once
from tests.billing.cast import AT, dues, entries_of, opened, told

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


# -- opening -----------------------------------------------------------------------------------------------


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


# -- choosing years ----------------------------------------------------------------------------------------


def test_five_years_are_income_of_five_dated_years(in_hq: Any) -> None:
    bill = choose_years(opened(), 5, LATER)
    assert (bill.years, bill.amount_minor, bill.version) == (5, 25000, 2)
    income = [(year.year, year.amount_minor) for year in queries.income_by_year()]
    assert income == [(year, 5000) for year in range(2026, 2031)]
    assert entries_of(bill)[2:] == [
        ("receivable", 20000, None),
        *[("dues", -5000, date(year, 6, 1)) for year in range(2027, 2031)],
    ]
    assert told(bill)[-1] == ("open", 25000, 2, "")
    assert balanced()


def test_fewer_years_reverse_what_was_booked(in_hq: Any) -> None:
    bill = opened()
    for years in (5, 2, 4, 1):
        choose_years(bill, years, at=LATER)
        assert (bill.amount_minor, balanced()) == (5000 * years, True)
        assert queries.balances() == balances(receivable=5000 * years, dues=-5000 * years)
    assert [year for year in queries.income_by_year() if year.amount_minor] == [queries.YearIncome(2026, "CNY", 5000)]
    assert bill.version == 5


def test_the_same_years_chosen_again_change_nothing(in_hq: Any) -> None:
    bill = choose_years(opened(), 3, AT)
    choose_years(bill, 3, LATER)
    assert (bill.version, Entry.objects.count(), len(told(bill))) == (2, 5, 2)


@pytest.mark.parametrize("years", [0, -1, 6, 10**9, True, 2.0])
def test_impossible_years_are_refused(in_hq: Any, years: Any) -> None:
    bill = opened()
    error = refused(choose_years, bill, years, AT)
    assert (error.code, error.field) == ("years_out_of_range", "years") and "5" in str(error)
    assert Bill.objects.get().years == 1


def test_years_are_fixed_as_soon_as_a_payment_is_reported(in_hq: Any) -> None:
    bill = opened()
    await_payment(bill, at=AT)
    assert refused(choose_years, bill, 2, AT).code == "payment_being_checked"
    book_settlement(bill, by=WANG, at=LATER)
    assert refused(choose_years, bill, 2, AT).code == "bill_settled"
    cancelled = cancel_bill(opened(), reason="x", by=WANG, at=AT)
    error = refused(choose_years, cancelled, 2, AT)
    assert (error.code, error.status) == ("bill_cancelled", 409)


def test_a_change_that_is_not_based_on_the_last_version_is_a_bug_and_not_written(in_hq: Any) -> None:
    bill = opened()
    stale = Bill.objects.get(pk=bill.pk)
    choose_years(bill, 2, AT)
    with pytest.raises(RuntimeError, match="changed while it was locked"):
        change_bill(stale, at=AT, years=5, amount_minor=25000)
    assert Bill.objects.get().years == 2 and len(told(bill)) == 2


def test_a_bill_is_locked_within_a_transaction_or_not_at_all(federation: Any) -> None:
    with federation.inside(federation.hq):
        bill = opened()
        with pytest.raises(RuntimeError, match="outside a transaction"):
            lock_bill(bill)


def test_a_step_that_is_not_in_the_table_is_refused(in_hq: Any) -> None:
    bill = opened()
    assert refused(step_to, bill, Bill.State.SETTLED, at=AT).code == "bill_open"
    assert Bill.objects.get().state == "open"


def test_two_tabs_choose_at_once_and_the_books_agree_with_the_bill(federation: Any) -> None:
    with federation.inside(federation.hq):
        bill = opened()

    def choose(years: int) -> int:
        return choose_years(Bill.objects.get(pk=bill.pk), years, AT).years

    outcomes = at_once(federation.hq, [lambda years=years: choose(years) for years in (2, 3, 4, 5) * 2])  # type: ignore[misc]
    assert outcomes == [2, 3, 4, 5] * 2
    with federation.inside(federation.hq):
        assert balanced()
        assert Bill.objects.get().amount_minor == -queries.balances()["dues"]


# -- paying ------------------------------------------------------------------------------------------------


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


# -- taking back -------------------------------------------------------------------------------------------


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


# -- the books ---------------------------------------------------------------------------------------------


def test_a_transaction_that_does_not_balance_is_not_written(in_hq: Any) -> None:
    bill = opened()
    with pytest.raises(ValueError, match="does not balance"):
        book(bill, [Side(Account.BANK, 5000), Side(Account.RECEIVABLE, -4999)], memo="x", by=WANG, at=AT)
    assert Entry.objects.count() == 2


def test_dues_booked_for_no_year_are_not_built_upon(in_hq: Any) -> None:
    bill = opened()
    book(bill, [Side(Account.DUES, -1), Side(Account.RECEIVABLE, 1)], memo="by hand", by=WANG, at=AT)
    with pytest.raises(ValueError, match="for no year"):
        choose_years(bill, 2, AT)


def test_entries_are_never_changed_or_deleted(in_hq: Any) -> None:
    opened()
    for act in (lambda: Entry.objects.update(amount_minor=1), lambda: Entry.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()
    assert queries.balances()["receivable"] == 5000


def test_the_amount_is_always_unit_times_years(in_hq: Any) -> None:
    opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.update(amount_minor=4999)


def test_wrong_books_are_found(in_hq: Any) -> None:
    bill = opened()
    Entry.objects.create(
        transaction_id=uuid4(),
        bill=bill,
        account=Account.RECEIVABLE,
        amount_minor=1,
        currency="CNY",
        memo="by hand",
        booked_by=WANG,
        booked_at=AT,
    )
    assert len(queries.unbalanced_transactions()) == 1
    assert queries.bills_out_of_books() == [bill.number]


# -- telling -----------------------------------------------------------------------------------------------


def test_fees_are_reported_again_as_they_stand(in_hq: Any) -> None:
    bills = [opened() for _n in range(3)]
    OutboxMessage.objects.all().delete()
    assert replay([bills[0].pk, bills[2].pk]) == 2
    assert list(OutboxMessage.objects.values_list("type", flat=True)) == ["fee.reported"] * 2


def test_the_statement_names_every_bill_in_one_query(in_hq: Any) -> None:
    bills = [opened() for _n in range(3)]
    choose_years(bills[1], 2, AT)
    with CaptureQueriesContext(connection) as captured:
        rows = set(queries.statement_rows())
    assert len(captured) == 1
    assert rows == {
        (bills[0].pk, 1, "open", 5000),
        (bills[1].pk, 2, "open", 10000),
        (bills[2].pk, 1, "open", 5000),
    }


def test_overdue_bills_are_those_still_open_after_their_day(in_hq: Any) -> None:
    bill, paid = opened(), opened()
    await_payment(paid, at=AT)
    assert list(queries.overdue_bills(date(2026, 7, 1))) == []
    assert list(queries.overdue_bills(date(2026, 7, 2))) == [bill]


def test_the_bill_reaches_the_member_society_and_the_fee_book(federation: Any) -> None:
    from federation.ledger.models import FeeEntry

    with federation.inside(federation.hq):
        bill = open_bill(dues(), sender="101", at=AT)
        choose_years(bill, 2, AT)
    federation.settle()
    with federation.inside(federation.hq):
        entry = FeeEntry.objects.get(payee="100", bill_id=bill.pk)
        assert (entry.amount_minor, entry.state, entry.society) == (10000, "open", "101")
