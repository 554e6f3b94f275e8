"""The whole way by messages: society, headquarters and back, until the books agree."""

from datetime import date
from typing import Any

from federation.ledger.models import ApplicationEntry, Case, FeeEntry, RollEntry, SignInName
from federation.models import InboxMessage
from huilian.accounts.models import Role
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.applications.services import endorse_application, expire_unpaid, withdraw_application
from huilian.billing.models import Bill
from huilian.billing.services import await_payment, book_settlement, choose_years
from huilian.journal.queries import verify
from huilian.members.models import Member
from tests.applications.forms import AT, another, staff, submit
from tests.federation_fixture import Federation


def books_agree(federation: Federation) -> None:
    """Headquarters shows each application as its own society has it, and nothing is parked anywhere."""
    shown: dict[Any, tuple[Any, ...]]
    with federation.inside(federation.hq):
        shown = {
            entry.application_id: (entry.society, entry.state, entry.step, entry.version)
            for entry in ApplicationEntry.objects.all()
        }
    own: dict[Any, tuple[Any, ...]] = {}
    for society in (federation.hq, federation.zhejiang, federation.welding):
        with federation.inside(society):
            assert not InboxMessage.objects.exclude(state="handled").exists()
            assert verify() is None
            own |= {
                each.pk: (society.number, each.state, each.step, each.version)
                for each in Application.objects.filter(submitted_at__isnull=False)
            }
    assert shown == own


def pay(federation: Federation, years: int) -> None:
    with federation.inside(federation.hq):
        bill = Bill.objects.get(state="open")
        choose_years(bill, years, AT)
        await_payment(bill, at=AT)
    federation.settle()
    with federation.inside(federation.hq):
        book_settlement(Bill.objects.get(state="reported"), by="user:4 钱", at=AT)
    federation.settle()


def test_a_senior_application_from_branch_to_roll(federation: Federation) -> None:
    with federation.inside(federation.welding):
        application = submit("senior")
        endorse_application(application, by_user=staff(), reason="熟悉其工作。", at=AT)
    federation.settle()
    with federation.inside(federation.hq):
        case = Case.objects.get()
        assert (case.society, case.step, case.reference) == ("101", "review", application.reference)
        decide_case(case, outcome="approved", reasons="", by_user=staff("赵敏", Role.OFFICER), at=AT)
    federation.settle()
    books_agree(federation)
    with federation.inside(federation.welding):
        stored = Application.objects.get()
        assert (stored.step, stored.bill_state) == ("pay", "open")
    pay(federation, 5)
    books_agree(federation)
    with federation.inside(federation.welding):
        member = Member.objects.get()
        assert (member.number, member.years.count()) == ("1010000001G", 5)
    with federation.inside(federation.hq):
        entry = RollEntry.objects.get()
        assert (entry.society, entry.number, entry.state) == ("101", "1010000001G", "active")
        fee = FeeEntry.objects.get()
        assert (fee.society, fee.state, fee.years, fee.amount_minor) == ("101", "settled", 5, 50000)
        assert SignInName.objects.get().society == "101"


def test_an_ordinary_application_of_a_province(federation: Federation) -> None:
    with federation.inside(federation.zhejiang):
        submit()
    federation.settle()
    pay(federation, 1)
    books_agree(federation)
    with federation.inside(federation.zhejiang):
        member = Member.objects.get()
        assert (member.number, member.channel) == ("2010000001P", "province")


def test_headquarters_speaks_to_itself_in_the_same_way(federation: Federation) -> None:
    with federation.inside(federation.hq):
        submit("institutional")
    federation.settle()
    with federation.inside(federation.hq):
        assert Application.objects.get().step == "review"
        decide_case(Case.objects.get(), outcome="approved", reasons="", by_user=staff("赵敏", Role.OFFICER), at=AT)
    federation.settle()
    pay(federation, 2)
    books_agree(federation)
    with federation.inside(federation.hq):
        member = Member.objects.get()
        assert (member.number, member.kind) == ("1000000001D", "institution")
        assert [each.name for each in member.representatives.all()] == ["陈静"]


def test_refused_withdrawn_expired_all_arrive(federation: Federation) -> None:
    with federation.inside(federation.welding):
        refused = submit("senior", another("senior"))
        endorse_application(refused, by_user=staff(), at=AT)
        withdrawn = submit("senior", another("senior"))
        endorse_application(withdrawn, by_user=staff(), at=AT)
        submit("ordinary", another())
    federation.settle()
    with federation.inside(federation.welding):
        withdraw_application(Application.objects.get(pk=withdrawn.pk), by="user:1", at=AT)
        assert expire_unpaid(date(2026, 4, 2), AT) == 1
    with federation.inside(federation.hq):
        case = Case.objects.get(application_id=refused.pk)
        decide_case(case, outcome="refused", reasons="不符合。", by_user=staff("赵敏", Role.OFFICER), at=AT)
    federation.settle()
    books_agree(federation)
    with federation.inside(federation.hq):
        assert {entry.state for entry in ApplicationEntry.objects.all()} == {"refused", "withdrawn", "expired"}
        assert Case.objects.get(application_id=withdrawn.pk).state == "closed"
        assert Bill.objects.get().state == "cancelled"


def test_decided_while_the_withdrawal_was_on_its_way(federation: Federation) -> None:
    with federation.inside(federation.welding):
        application = submit("senior")
        endorse_application(application, by_user=staff(), at=AT)
    federation.settle()
    with federation.inside(federation.hq):
        decide_case(Case.objects.get(), outcome="approved", reasons="", by_user=staff("赵敏", Role.OFFICER), at=AT)
    with federation.inside(federation.welding):
        withdraw_application(Application.objects.get(), by="user:1", at=AT)
    federation.settle()
    books_agree(federation)
    with federation.inside(federation.welding):
        assert Application.objects.get().state == "withdrawn"
    with federation.inside(federation.hq):
        assert Bill.objects.count() == 0


def test_the_money_came_while_the_withdrawal_was_on_its_way(federation: Federation) -> None:
    with federation.inside(federation.welding):
        submit()
    federation.settle()
    with federation.inside(federation.hq):
        await_payment(Bill.objects.get(), at=AT)
        book_settlement(Bill.objects.get(), by="user:4 钱", at=AT)
    with federation.inside(federation.welding):
        withdraw_application(Application.objects.get(), by="user:1", at=AT)
    federation.settle()
    books_agree(federation)
    with federation.inside(federation.welding):
        assert (Application.objects.get().state, Member.objects.count()) == ("withdrawn", 0)
    with federation.inside(federation.hq):
        bill = Bill.objects.get()
        owed_back = bill.entries.filter(account="refunds_due")
        assert sum(entry.amount_minor for entry in owed_back) == -5000
