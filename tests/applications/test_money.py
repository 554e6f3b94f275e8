"""Bills: what each report of the payee means for the application, in order, twice, late and too late."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from federation.contracts import BillReported
from federation.models import OutboxMessage
from huilian.applications.models import Application, StepRecord
from huilian.applications.services import expire_unpaid, receive_bill, withdraw_application
from huilian.journal.queries import records_of, verify
from huilian.members.models import EntitlementYear, Member
from huilian.notices.models import Notice
from kit.errors import Refusal
from tenants.models import Society
from tests.applications.forms import AT, submit

State = Application.State
BILL = UUID(int=77)
LATER = AT + timedelta(days=2)


def bill(application: Application, state: str, version: int, **changes: Any) -> BillReported:
    facts: dict[str, Any] = {
        "application_id": application.pk,
        "member_id": None,
        "bill_id": BILL,
        "number": "B2026-000001",
        "state": state,
        "years": 1,
        "amount_minor": 5000,
        "currency": "CNY",
        "reason": "",
        "at": LATER,
        "bill_version": version,
        **changes,
    }
    return BillReported(**facts)


def stored() -> Application:
    return Application.objects.get()


def messages(name: str) -> list[dict[str, Any]]:
    return list(OutboxMessage.objects.filter(type=name).order_by("id").values_list("payload", flat=True))


def outcomes() -> list[tuple[str, str]]:
    return list(StepRecord.objects.values_list("kind", "outcome"))


def test_from_the_bill_to_five_dated_years(in_welding: Society) -> None:
    application = submit()
    receive_bill(bill(application, "open", 1), sender="100", at=AT)
    assert (stored().bill_id, stored().bill_number, stored().bill_state) == (BILL, "B2026-000001", "open")
    assert (stored().step, stored().version) == ("pay", 2)
    receive_bill(bill(application, "open", 2, years=5, amount_minor=25000), sender="100", at=AT)
    assert (stored().bill_years, stored().bill_amount_minor) == (5, 25000)
    receive_bill(bill(application, "reported", 3, years=5, amount_minor=25000), sender="100", at=LATER)
    assert (stored().step, stored().step_actor) == ("confirm", "headquarters")
    assert stored().step_due_on == date(2026, 3, 9)  # three working days after 4 March
    receive_bill(bill(application, "settled", 4, years=5, amount_minor=25000), sender="100", at=LATER)
    assert (stored().state, stored().ended_at) == (State.MEMBER, LATER)
    member = Member.objects.get()
    assert (member.number, member.from_on, member.to_on) == ("1010000001P", date(2026, 3, 4), date(2031, 3, 4))
    years = EntitlementYear.objects.order_by("from_on")
    assert [(year.from_on, year.to_on, year.bill_id) for year in years] == [
        (date(2026 + n, 3, 4), date(2027 + n, 3, 4), BILL) for n in range(5)
    ]
    assert outcomes() == [
        ("submit", "submitted"),
        ("pay", "entered"),
        ("pay", "done"),
        ("confirm", "entered"),
        ("confirm", "done"),
        ("activate", "entered"),
        ("activate", "done"),
    ]
    sent = Notice.objects.filter(queued_at=LATER, channel="email").values_list("event", flat=True)
    assert sorted(sent) == ["membership.welcome", "payment.received"]
    assert messages("dues.withdrawn") == []
    assert verify() is None


def test_settled_without_a_stop_at_reported(in_welding: Society) -> None:
    application = submit()
    receive_bill(bill(application, "settled", 3), sender="100", at=LATER)
    assert stored().state == State.MEMBER
    assert ("pay", "done") in outcomes() and ("confirm", "done") in outcomes()
    assert EntitlementYear.objects.count() == 1


def test_old_and_repeated_news_change_nothing(in_welding: Society) -> None:
    application = submit()
    receive_bill(bill(application, "reported", 3), sender="100", at=LATER)
    before = (stored().version, StepRecord.objects.count(), OutboxMessage.objects.count(), Notice.objects.count())
    for state, version in (("reported", 3), ("open", 2), ("open", 1)):
        assert receive_bill(bill(application, state, version), sender="100", at=LATER) is None
    after = (stored().version, StepRecord.objects.count(), OutboxMessage.objects.count(), Notice.objects.count())
    assert after == before
    assert stored().step == "confirm"
    receive_bill(bill(application, "settled", 4), sender="100", at=LATER)
    receive_bill(bill(application, "settled", 4), sender="100", at=LATER)
    assert Member.objects.count() == 1


def test_a_rejected_voucher_leads_back_to_paying(in_welding: Society) -> None:
    application = submit()
    receive_bill(bill(application, "reported", 2), sender="100", at=LATER)
    rejected_at = LATER + timedelta(days=1)
    receive_bill(bill(application, "open", 3, reason="金额不符。", at=rejected_at), sender="100", at=rejected_at)
    assert (stored().step, stored().step_index, stored().step_due_on) == ("pay", 0, date(2026, 4, 4))
    assert ("confirm", "returned") in outcomes()
    assert len(messages("dues.requested")) == 1  # it is the same bill
    letter = Notice.objects.get(event="payment.rejected", channel="email").body
    assert "金额不符。" in letter and "¥50.00" in letter and "2026年4月4日" in letter
    receive_bill(bill(application, "reported", 4), sender="100", at=rejected_at)
    receive_bill(bill(application, "settled", 5), sender="100", at=rejected_at)
    assert stored().state == State.MEMBER


def test_a_cancelled_bill_ends_the_application(in_welding: Society) -> None:
    application = submit()
    receive_bill(bill(application, "cancelled", 2, reason="重复开单。"), sender="100", at=LATER)
    assert (stored().state, stored().reasons) == (State.EXPIRED, "重复开单。")
    assert messages("dues.withdrawn") == []  # the payee cancelled it
    assert Notice.objects.filter(event="application.expired").count() == 2


@pytest.mark.parametrize("ending", ["withdrawn", "expired"])
def test_money_that_comes_too_late_is_asked_to_be_given_back(in_welding: Society, ending: str) -> None:
    application = submit()
    receive_bill(bill(application, "open", 1), sender="100", at=AT)
    if ending == "withdrawn":
        withdraw_application(stored(), by="user:1 李明", at=LATER)
    else:
        assert expire_unpaid(date(2026, 4, 2), LATER) == 1
    assert [dues["reason"] for dues in messages("dues.withdrawn")] == [ending]
    receive_bill(bill(application, "reported", 2), sender="100", at=LATER)
    receive_bill(bill(application, "settled", 3), sender="100", at=LATER)
    receive_bill(bill(application, "settled", 4), sender="100", at=LATER)  # the payee's answer: no ping-pong
    assert (stored().state, stored().bill_state) == (ending, "settled")
    assert Member.objects.count() == 0
    assert [dues["reason"] for dues in messages("dues.withdrawn")] == [ending] * 3
    ignored = [entry for entry in records_of(application) if entry.verb == "bill.ignored"]
    assert [entry.facts["bill_state"] for entry in ignored] == ["reported", "settled", "settled"]


def test_only_the_payee_reports(in_welding: Society) -> None:
    application = submit()
    with pytest.raises(Refusal) as refused:
        receive_bill(bill(application, "settled", 9), sender="201", at=LATER)
    assert refused.value.code == "not_theirs_to_say"
    with pytest.raises(Refusal) as refused:
        receive_bill(bill(application, "settled", 9, application_id=UUID(int=1)), sender="100", at=LATER)
    assert refused.value.code == "unknown_application"
    assert receive_bill(bill(application, "open", 9, application_id=None), sender="100", at=LATER) is None
    assert (stored().step, stored().bill_id, Member.objects.count()) == ("pay", None, 0)


def test_paid_and_then_refused_is_owed_back(in_welding: Society, monkeypatch: Any) -> None:
    """A scheme may review after the money is there: a refusal then tells the payee to give it back."""
    import msgspec

    from federation.contracts import VerdictGiven
    from huilian.applications.services import receive_verdict, walking
    from huilian.schemes.loading import load_preset

    scheme = load_preset("cmes")
    senior = scheme.category("senior")
    _endorse, review, pay, confirm, activate = senior.route
    late = msgspec.structs.replace(senior, route=(pay, confirm, review, activate))
    categories = tuple(late if category.code == "senior" else category for category in scheme.categories)
    changed = msgspec.structs.replace(scheme, categories=categories)
    monkeypatch.setattr(walking, "scheme_version", lambda version: changed)
    application = submit("senior")
    receive_bill(bill(application, "settled", 2, amount_minor=10000), sender="100", at=LATER)
    assert stored().step == "review"
    said = VerdictGiven(
        application_id=application.pk, step_index=2, outcome="refused", reasons="不符合。", decided_at=LATER
    )
    receive_verdict(said, sender="100", at=LATER)
    assert stored().state == State.REFUSED
    assert messages("dues.withdrawn") == [{"application_id": str(application.pk), "reason": "refused"}]
