"""A transfer is reported with its voucher, looked at by finance, and decided once."""

import hashlib
import stat
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from federation.contracts import DuesWithdrawn
from federation.models import OutboxMessage
from huilian.accounts.models import Role
from huilian.billing import queries as books
from huilian.billing.models import Bill
from huilian.billing.services import cancel_bill, choose_years, withdraw_dues
from huilian.journal.models import Record
from huilian.journal.queries import verify
from huilian.payments.models import PaymentAttempt
from huilian.payments.providers import PROVIDERS, offered_providers, provider_coded
from huilian.payments.queries import attempts_of, same_voucher, search_payments, waiting_payments
from huilian.payments.services import confirm_payment, open_voucher, reject_payment
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import forget_schemes
from kit.errors import Refusal
from kit.money import Money
from tests.at_once import at_once
from tests.billing.cast import opened, told
from tests.payments.cast import AT, TODAY, kept_files, officer, picture, reported

LATER = AT + timedelta(days=1)


def refused(act: Any, *args: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **facts)
    assert "%(" not in str(caught.value)
    return caught.value


def balances(**expected: int) -> dict[str, int]:
    return {"receivable": 0, "bank": 0, "dues": 0, "refunds_due": 0} | expected


def balanced() -> bool:
    return books.unbalanced_transactions() == [] and books.bills_out_of_books() == []


# -- how to pay ----------------------------------------------------------------------------------------------


def test_the_payer_is_told_account_amount_and_remark(in_hq: Any) -> None:
    bill = choose_years(opened(), 3, AT)
    (provider,) = offered_providers()
    assert provider is provider_coded("remittance") and provider.needs_voucher
    invitation = provider.invite(bill, language="zh-hans")
    assert (invitation.amount, invitation.reference) == (Money(15000), books.reference_of(bill))
    values = {line.name: line.value for line in invitation.lines}
    assert values["payee"] == "中国机械工程学会" and values["amount"] == "¥150.00"
    assert values["reference"].startswith("RF") and books.find_bill(values["reference"]) == bill
    english = provider.invite(bill, language="en")
    assert english.lines[0].value == "Chinese Mechanical Engineering Society"
    assert english.lines[3].value == "CNY 150.00"


def test_a_society_without_an_account_does_not_offer_transfers(in_hq: Any) -> None:
    stored = SchemeVersion.objects.get()
    stored.document["remittance"] = None
    stored.save()
    forget_schemes()
    try:
        assert offered_providers() == []
        error = refused(PROVIDERS["remittance"].invite, opened(), language="en")
        assert (error.code, error.status) == ("remittance_unavailable", 409)
    finally:
        forget_schemes()


def test_an_unknown_provider_is_refused() -> None:
    assert refused(provider_coded, "barter").code == "provider_unknown"


# -- reporting -----------------------------------------------------------------------------------------------


def test_li_reports_the_transfer_and_the_bill_waits(in_hq: Any) -> None:
    bill = opened()
    attempt = PaymentAttempt.objects.get(pk=reported(bill, payer_name="  李 某  ").pk)
    assert (attempt.provider, attempt.state, attempt.payer_name) == ("remittance", "reported", "李 某")
    assert (attempt.amount_minor, attempt.currency) == (5000, "CNY")
    assert (attempt.transferred_on, attempt.reported_at) == (date(2026, 6, 2), AT)
    assert bill.state == "reported" and told(bill)[-1][0] == "reported"
    assert list(waiting_payments()) == [attempt] == list(attempts_of(bill))
    assert Record.objects.get(verb="payment.reported").facts["bill"] == bill.number
    assert books.balances() == balances(receivable=5000, dues=-5000)


def test_the_voucher_lies_in_the_payees_folder_under_a_name_of_our_own(in_hq: Any) -> None:
    upload = picture(comment=b"SecretComment")
    upload.name = "../../李的工资单.jpg"
    attempt = reported(opened(), voucher=upload)
    (path,) = kept_files(in_hq)
    assert path == Path(settings.MEDIA_ROOT) / in_hq.schema_name / attempt.voucher
    assert path.suffix == ".jpg" and len(path.stem) == 32 and "李" not in attempt.voucher
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == attempt.voucher_sha256
    assert b"SecretComment" not in content


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"voucher": BytesIO()}, "file_empty", "voucher"),
        ({"voucher": BytesIO(b"<svg/>")}, "file_type_refused", "voucher"),
        ({"voucher": BytesIO(bytes(11 * 1024 * 1024))}, "file_too_large", "voucher"),
        ({"voucher": BytesIO(picture().getvalue()[:200])}, "file_damaged", "voucher"),
        ({"payer_name": " "}, "name_missing", "payer_name"),
        ({"payer_name": "李" * 101}, "name_too_long", "payer_name"),
        ({"payer_name": "a\x00"}, "name_unreadable", "payer_name"),
        ({"transferred_on": TODAY + timedelta(days=1)}, "transferred_in_future", "transferred_on"),
        ({"transferred_on": date(2016, 6, 2)}, "transferred_long_ago", "transferred_on"),
    ],
)
def test_a_bad_report_changes_nothing(in_hq: Any, changes: dict[str, Any], code: str, field: str) -> None:
    bill = opened()
    error = refused(reported, bill, **changes)
    assert (error.code, error.field) == (code, field)
    bill.refresh_from_db()
    assert bill.state == "open" and not PaymentAttempt.objects.exists() and kept_files(in_hq) == []


def test_the_day_of_the_transfer_is_a_day_in_the_payees_zone(in_hq: Any) -> None:
    evening = AT.replace(hour=16, minute=30)  # the next morning in Shanghai
    assert reported(opened(), transferred_on=TODAY + timedelta(days=1), at=evening).state == "reported"


def test_reported_twice_it_is_told_and_the_second_file_is_gone(in_hq: Any) -> None:
    bill = opened()
    reported(bill)
    stale = Bill.objects.get(pk=bill.pk)
    stale.state = "open"  # as the page of a second tab remembers it
    error = refused(reported, stale, voucher=picture(90))
    assert (error.code, error.status) == ("payment_being_checked", 409)
    assert PaymentAttempt.objects.count() == 1 and len(kept_files(in_hq)) == 1


def test_a_paid_bill_takes_no_further_report(in_hq: Any) -> None:
    bill = opened()
    confirm_payment(reported(bill), by_user=officer(), at=AT)
    assert refused(reported, bill).code == "bill_settled"


def test_a_reported_bill_changes_neither_years_nor_is_cancelled(in_hq: Any) -> None:
    bill = opened()
    reported(bill)
    assert refused(choose_years, bill, 5, AT).code == "payment_being_checked"
    assert refused(cancel_bill, bill, reason="x", by="user:1 W", at=AT).code == "payment_being_checked"


# -- deciding ------------------------------------------------------------------------------------------------


def test_finance_confirms_and_the_bill_is_settled(in_hq: Any) -> None:
    bill, wang = choose_years(opened(), 2, AT), officer()
    attempt = confirm_payment(reported(bill), by_user=wang, at=LATER, received_minor=10000)
    stored = PaymentAttempt.objects.select_related("bill").get()
    assert (stored.state, stored.decided_at, stored.decided_by) == (
        "confirmed",
        LATER,
        f"user:{wang.pk} 王财务",
    )
    assert (stored.bill.state, stored.bill.settled_at) == ("settled", LATER)
    assert books.balances() == balances(bank=10000, dues=-10000)
    assert attempt.state == "confirmed" and not waiting_payments().exists()
    assert [state for state, *_rest in told(bill)] == ["open", "open", "reported", "settled"]
    assert Record.objects.get(verb="payment.confirmed").facts["outcome"] == "confirmed"
    assert balanced() and verify() is None


@pytest.mark.parametrize("received", [0, 4999, 5001, -5000, 10**12])
def test_a_wrong_amount_is_not_confirmed(in_hq: Any, received: int) -> None:
    bill = opened()
    attempt = reported(bill)
    error = refused(confirm_payment, attempt, by_user=officer(), at=AT, received_minor=received)
    assert (error.code, error.field) == ("amount_differs", "received_minor")
    assert "50.00" in str(error) and bill.number in str(error)
    attempt.refresh_from_db()
    assert (attempt.state, Bill.objects.get().state) == ("reported", "reported")
    assert books.balances()["bank"] == 0


def test_a_rejected_voucher_opens_the_bill_and_another_may_be_sent(in_hq: Any) -> None:
    bill, wang = opened(), officer()
    first = reported(bill)
    assert refused(reject_payment, first, reason=" ", by_user=wang, at=AT).code == "reason_missing"
    reject_payment(first, reason="凭证看不清", by_user=wang, at=LATER)
    assert (first.state, first.reason, first.bill.state) == ("rejected", "凭证看不清", "open")
    assert told(bill)[-1][0] == "open" and told(bill)[-1][3] == "凭证看不清"
    bill.refresh_from_db()
    choose_years(bill, 2, LATER)
    second = reported(bill, voucher=picture(90), at=LATER)
    confirm_payment(second, by_user=wang, at=LATER)
    assert [attempt.state for attempt in attempts_of(bill)] == ["confirmed", "rejected"]
    assert books.balances() == balances(bank=10000, dues=-10000) and balanced()


def test_who_comes_second_is_told_and_changes_nothing(in_hq: Any) -> None:
    attempt, wang, zhao = reported(opened()), officer(), officer("赵财务")
    confirm_payment(attempt, by_user=wang, at=AT)
    for act, facts in ((confirm_payment, {}), (reject_payment, {"reason": "不符"})):
        error = refused(act, PaymentAttempt.objects.get(), by_user=zhao, at=LATER, **facts)
        assert (error.code, error.status) == ("already_decided", 409)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.decided_at, attempt.reason) == ("confirmed", AT, "")
    assert books.balances()["bank"] == 5000


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.REGISTRAR, Role.OFFICER, Role.PROMOTER])
def test_only_finance_decides_and_sees(in_hq: Any, role: Role | None) -> None:
    bill, chen = opened(), officer("陈无关", role)
    attempt = reported(bill)
    entries, records = books.balances(), Record.objects.count()
    for act, facts in (
        (confirm_payment, {}),
        (reject_payment, {"reason": "不符"}),
        (open_voucher, {}),
    ):
        error = refused(act, attempt, by_user=chen, at=AT, **facts)
        assert (error.code, error.status) == ("forbidden", 403)
    attempt.refresh_from_db()
    assert (attempt.state, Bill.objects.get().state) == ("reported", "reported")
    assert books.balances() == entries and Record.objects.count() == records


def test_two_officers_at_once_are_one_who_decides_and_one_who_is_told(federation: Any) -> None:
    for _round in range(4):
        with federation.inside(federation.hq):
            attempt = reported(opened())
            wang, zhao = officer(), officer("赵财务")
        key = attempt.pk

        def confirm(user: Any, key: Any = key) -> str:
            return confirm_payment(PaymentAttempt.objects.get(pk=key), by_user=user, at=AT).state

        def reject(user: Any, key: Any = key) -> str:
            found = PaymentAttempt.objects.get(pk=key)
            return reject_payment(found, reason="不符", by_user=user, at=AT).state

        acts = [
            lambda wang=wang: confirm(wang),
            lambda zhao=zhao: reject(zhao),
            lambda zhao=zhao: confirm(zhao),
            lambda wang=wang: reject(wang),
        ]
        outcomes = at_once(federation.hq, acts)
        won = [outcome for outcome in outcomes if isinstance(outcome, str)]
        lost = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert len(won) == 1 and lost == ["already_decided"] * 3
        with federation.inside(federation.hq):
            attempt.refresh_from_db()
            bill = Bill.objects.get(pk=attempt.bill_id)
            assert (attempt.state, bill.state) in [("confirmed", "settled"), ("rejected", "open")]
            assert balanced()
            assert Record.objects.filter(verb__startswith="payment.", subject_id=str(key)).count() == 2


def test_of_many_reports_at_once_one_is_taken(federation: Any) -> None:
    with federation.inside(federation.hq):
        bill = opened()
    key = bill.pk
    acts = [lambda n=n: reported(Bill.objects.get(pk=key), voucher=picture(20 * n)).state for n in range(6)]
    outcomes = at_once(federation.hq, acts)
    assert outcomes.count("reported") == 1
    assert [error.code for error in outcomes if isinstance(error, Refusal)] == ["payment_being_checked"] * 5
    assert len(kept_files(federation.hq)) == 1


# -- a cancelled bill ----------------------------------------------------------------------------------------


def test_money_on_a_cancelled_bill_stays_with_finance_and_is_owed_back(in_hq: Any) -> None:
    bill = opened()
    cancel_bill(bill, reason="逾期未缴", by="system", at=AT)
    attempt = reported(bill)
    assert (attempt.state, bill.state) == ("reported", "cancelled")
    assert list(waiting_payments()) == [attempt]
    assert refused(reported, bill).code == "payment_being_checked"
    assert len(kept_files(in_hq)) == 1
    confirm_payment(attempt, by_user=officer(), at=LATER)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.bill.state) == ("refund_due", "cancelled")
    assert books.balances() == balances(bank=5000, refunds_due=-5000) and balanced()
    assert list(books.refunds_due()) == [bill]
    assert told(bill)[-1][0] == "cancelled"


def test_a_report_on_a_cancelled_bill_can_be_rejected(in_hq: Any) -> None:
    bill = opened()
    cancel_bill(bill, reason="逾期未缴", by="system", at=AT)
    attempt = reject_payment(reported(bill), reason="查无此款", by_user=officer(), at=LATER)
    assert (attempt.state, attempt.bill.state) == ("rejected", "cancelled")
    assert books.balances() == balances() and balanced()


@pytest.mark.parametrize("came", [True, False])
def test_an_application_that_ends_while_the_voucher_is_checked(in_hq: Any, came: bool) -> None:
    bill, wang = opened(), officer()
    attempt = reported(bill)
    assert bill.application_id is not None
    withdraw_dues(DuesWithdrawn(application_id=bill.application_id, reason="撤回"), sender="101", at=AT)
    assert Bill.objects.get().state == "reported" and list(waiting_payments()) == [attempt]
    attempt.refresh_from_db()
    if came:
        confirm_payment(attempt, by_user=wang, at=LATER)
        assert (attempt.state, attempt.bill.state) == ("refund_due", "cancelled")
        assert books.balances() == balances(bank=5000, refunds_due=-5000)
    else:
        reject_payment(attempt, reason="查无此款", by_user=wang, at=LATER)
        assert (attempt.state, attempt.bill.state) == ("rejected", "cancelled")
        assert books.balances() == balances()
    assert balanced()
    assert OutboxMessage.objects.filter(type="bill.reported", payload__state="settled").count() == 0


# -- looking -------------------------------------------------------------------------------------------------


def test_whoever_opens_a_voucher_is_written_down(in_hq: Any) -> None:
    bill, wang = opened(), officer()
    attempt = reported(bill)
    voucher = open_voucher(attempt, by_user=wang, at=AT)
    assert (voucher.content_type, voucher.file_name) == ("image/jpeg", f"{bill.number}.jpg")
    assert hashlib.sha256(voucher.content).hexdigest() == attempt.voucher_sha256
    assert Record.objects.get(verb="voucher.opened").actor == f"user:{wang.pk} 王财务"
    (path,) = kept_files(in_hq)
    path.unlink()
    error = refused(open_voucher, attempt, by_user=wang, at=AT)
    assert (error.code, error.status) == ("voucher_missing", 404)


def test_a_voucher_shown_twice_is_noticed(in_hq: Any) -> None:
    first = reported(opened(), voucher=picture(50))
    second = reported(opened(), voucher=picture(50))
    other = reported(opened(), voucher=picture(150))
    assert list(same_voucher(second)) == [first] and list(same_voucher(other)) == []


@pytest.mark.parametrize("payments", [1, 3])
def test_the_queue_of_finance_takes_one_query(in_hq: Any, payments: int) -> None:
    for n in range(payments):
        reported(opened(payer_name=f"付款人{n}"), at=AT + timedelta(minutes=n))
    with CaptureQueriesContext(connection) as queries:
        rows = [(attempt.bill.number, attempt.reported_at) for attempt in waiting_payments()]
    assert len(queries) == 1
    assert rows == [(f"B2026-{n + 1:07}", AT + timedelta(minutes=n)) for n in range(payments)]


def test_payments_are_found_by_payer_bill_and_reference(in_hq: Any) -> None:
    bill, wang = opened(), officer()
    li = reported(bill, payer_name="李申请")
    factory = confirm_payment(reported(opened(), payer_name="杭州机床厂"), by_user=wang, at=LATER)
    assert list(search_payments("机床")) == [factory]
    assert list(search_payments(bill.number.lower())) == [li]
    assert list(search_payments(books.reference_of(bill))) == [li]
    assert list(search_payments(state="confirmed")) == [factory]
    assert list(search_payments("B2026-0000009")) == []
    assert search_payments().count() == 2
    assert refused(search_payments, "a\x00b").code == "text_unreadable"


def test_the_voucher_of_headquarters_is_nowhere_in_another_society(federation: Any) -> None:
    with federation.inside(federation.hq):
        path = reported(opened()).voucher
    from huilian.payments.vouchers import read_voucher

    with federation.inside(federation.welding):
        assert read_voucher(path, called="B") is None
    with federation.inside(federation.hq):
        assert read_voucher(path, called="B") is not None
