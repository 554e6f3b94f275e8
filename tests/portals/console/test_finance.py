"""The finance office: the voucher beside the figures, confirming what arrived, rejecting with a reason."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from federation.ledger.models import FeeEntry
from huilian.accounts.models import Role
from huilian.applications.models import Application
from huilian.billing.models import Bill, Entry
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.payments.models import PaymentAttempt
from kit import clock
from tests.applications.forms import another, pdf, submit
from tests.federation_fixture import Federation
from tests.payments.cast import reported
from tests.portals.console.desk import Desk, at_desk


@pytest.fixture(autouse=True)
def _no_vouchers_are_left() -> Iterator[None]:
    yield
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


@pytest.fixture
def qian(federation: Federation) -> Desk:
    return at_desk(federation.hq, Role.FINANCE, "钱进")


def paid(federation: Federation, name: str = "李明", **changes: Any) -> PaymentAttempt:
    """Li of the welding branch has transferred the dues and uploaded the voucher."""
    at = clock.now()
    with federation.inside(federation.welding):
        application = submit("ordinary", {**another(), "name": name}, at=at)
    federation.settle()
    with federation.inside(federation.hq):
        bill = Bill.objects.get(application_id=application.pk)
        attempt = reported(bill, at=at, transferred_on=at.date(), **changes)
    federation.settle()
    return attempt


def stored(federation: Federation, attempt: PaymentAttempt) -> PaymentAttempt:
    with federation.inside(federation.hq):
        return PaymentAttempt.objects.select_related("bill").get(pk=attempt.pk)


def test_nothing_waits(qian: Desk) -> None:
    qian.get("/console/payments/")
    assert "No payment waits" in qian.words
    qian.get("/console/payments/", {"state": "confirmed"})
    assert "No payment found" in qian.words


def test_the_voucher_beside_the_figures(federation: Federation, qian: Desk) -> None:
    attempt = paid(federation)
    bill = attempt.bill
    qian.get("/console/payments/")
    assert f"李申请 {bill.number} Ordinary member Welding Branch CNY 50.00" in qian.words
    assert "Payments to confirm 1" in qian.menu
    qian.get(f"/console/payments/{attempt.pk}/")
    for said in ("Amount owed CNY 50.00", "Transferred by 李申请", "Owed by 李明", bill.number, "Owed are CNY 50.00."):
        assert said in qian.words, said
    assert f'<img src="/console/payments/{attempt.pk}/voucher/"' in qian.text
    with federation.inside(federation.hq):
        assert not Record.objects.filter(verb="voucher.opened").exists()
    qian.get(f"/console/payments/{attempt.pk}/voucher/")
    assert qian.page["Content-Type"] == "image/jpeg"
    assert qian.page["X-Frame-Options"] == "SAMEORIGIN"
    assert qian.page["X-Content-Type-Options"] == "nosniff"
    with federation.inside(federation.hq):
        assert Record.objects.get(verb="voucher.opened").facts == {"bill": bill.number}


def test_a_voucher_that_is_a_pdf(federation: Federation, qian: Desk) -> None:
    attempt = paid(federation, voucher=pdf())
    qian.get(f"/console/payments/{attempt.pk}/")
    assert "<img" not in qian.text.split("<main")[1]
    assert f'<iframe class="voucher" src="/console/payments/{attempt.pk}/voucher/"' in qian.text
    qian.get(f"/console/payments/{attempt.pk}/voucher/")
    assert qian.page["Content-Type"] == "application/pdf"
    assert "frame-ancestors 'self'" in qian.page["Content-Security-Policy"]


@pytest.mark.parametrize("typed", ["50", "50.00", "¥50.00", " 50 "])
def test_confirming_makes_a_member(federation: Federation, qian: Desk, typed: str) -> None:
    attempt = paid(federation)
    qian.post(f"/console/payments/{attempt.pk}/confirm/", {"received_minor": typed}, follow=True)
    assert "Confirmed: the bill is settled" in qian.words
    assert "No payment waits" in qian.words
    assert stored(federation, attempt).state == "confirmed"
    assert stored(federation, attempt).decided_by == f"user:{qian.user.pk} 钱进"  # type: ignore[union-attr]
    federation.settle()
    with federation.inside(federation.welding):
        assert Member.objects.get().name == "李明"
    qian.get(f"/console/payments/{attempt.pk}/")
    assert "Decided by 钱进" in qian.words
    assert "Confirm the payment" not in qian.words
    qian.get("/console/fees/", {"state": "settled"})
    assert f"{attempt.bill.number} Welding Branch CMES Headquarters Ordinary member 1 CNY 50.00 Paid" in qian.words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5", "The bill %s is over"),
        ("50.001", "no more than 2 decimal places"),
        ("", "This field is required."),
        ("-50", "greater than or equal to 0"),
        ("fifty", "Enter a number."),
        ("1e400", "Ensure that there are no more than"),
        ("NaN", "Enter a number."),
        ("9" * 40, "no more than 12 digits"),
    ],
)
def test_what_did_not_arrive_is_not_confirmed(federation: Federation, qian: Desk, typed: str, said: str) -> None:
    attempt = paid(federation)
    qian.post(f"/console/payments/{attempt.pk}/confirm/", {"received_minor": typed})
    assert qian.page.status_code == 422
    assert said.replace("%s", attempt.bill.number) in qian.words
    now = stored(federation, attempt)
    assert (now.state, now.bill.state) == ("reported", "reported")
    with federation.inside(federation.hq):
        assert not Entry.objects.filter(account="bank").exists()


def test_rejecting_tells_the_payer_why(federation: Federation, qian: Desk) -> None:
    attempt = paid(federation)
    page = f"/console/payments/{attempt.pk}/reject/"
    qian.get(page)
    assert "Reject this voucher?" in qian.words
    qian.post(page, {"reason": ""})
    assert qian.page.status_code == 422
    assert stored(federation, attempt).state == "reported"
    qian.post(page, {"reason": "未到账"}, follow=True)
    assert "The voucher is rejected" in qian.words
    now = stored(federation, attempt)
    assert (now.state, now.reason, now.bill.state) == ("rejected", "未到账", "open")
    federation.settle()
    with federation.inside(federation.welding):
        assert Application.objects.get().step == "pay"
    qian.post(page, {"reason": "noch einmal"})
    assert qian.page.status_code == 422
    assert "has been decided already" in qian.words


def test_one_after_the_other(federation: Federation, qian: Desk) -> None:
    first, second = paid(federation), paid(federation, "陈静")
    qian.get(f"/console/payments/{first.pk}/")
    assert f'href="/console/payments/{second.pk}/" data-key="j"' in qian.text
    assert "The same voucher, reported elsewhere" in qian.words
    qian.post(f"/console/payments/{first.pk}/confirm/", {"received_minor": "50"})
    assert qian.page["Location"] == f"/console/payments/{second.pk}/"


def test_money_for_an_application_that_ended(federation: Federation, qian: Desk) -> None:
    from huilian.applications.services import withdraw_application

    attempt = paid(federation)
    with federation.inside(federation.welding):
        withdraw_application(Application.objects.get(), by="applicant", at=clock.now())
    federation.settle()
    qian.get(f"/console/payments/{attempt.pk}/")
    assert "The application has ended meanwhile." in qian.words
    qian.post(f"/console/payments/{attempt.pk}/confirm/", {"received_minor": "50"}, follow=True)
    assert "the money is booked as to be paid back" in qian.words
    assert stored(federation, attempt).state == "refund_due"


@pytest.mark.parametrize(("text", "found"), [("李申请", True), ("B2026", False), ("陈", False), ("\ud800", False)])
def test_payments_are_found_again(federation: Federation, qian: Desk, text: str, found: bool) -> None:
    attempt = paid(federation)
    qian.get("/console/payments/", {"text": text.encode("utf-8", "surrogatepass")})
    assert qian.page.status_code == 200
    assert (attempt.bill.number in qian.words) == found


def test_the_fee_book(federation: Federation, qian: Desk) -> None:
    qian.get("/console/fees/")
    assert "No bill has been opened yet" in qian.words
    paid(federation)
    with federation.inside(federation.hq):
        assert FeeEntry.objects.count() == 1
    qian.get("/console/fees/", {"society": "101", "category": "ordinary", "state": "reported"})
    assert "Payment being checked" in qian.words
    qian.get("/console/fees/", {"society": "201"})
    assert "No bill found" in qian.words
