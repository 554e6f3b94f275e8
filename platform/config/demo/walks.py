"""People walking the routes of a scheme as far as the demonstration wants them to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.demo.people import Person, answers, papers, picture
from config.demo.staff import staff_user
from federation.ledger.models import Case
from huilian.accounts.models import Role
from huilian.applications.channels import ApplyTicket
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.applications.rules import consents_asked
from huilian.applications.services import (
    confirm_contact,
    endorse_application,
    refuse_application,
    start_application,
    submit_application,
    withdraw_application,
)
from huilian.billing.models import Bill
from huilian.billing.services import choose_years
from huilian.payments.models import PaymentAttempt
from huilian.payments.services import confirm_payment, report_remittance
from huilian.schemes.queries import current_scheme
from kit import clock
from referrals.counting import count_scan
from tenants.context import current


@dataclass(frozen=True)
class Wish:
    """One person's way: into which category, by which code, and where it stops."""

    person: Person
    category: str
    stop: str  # draft · submitted · endorsed · approved · reported · member · refused · refused_here · withdrawn
    at: datetime
    code: str = ""
    years: int = 1


def apply(wish: Wish, *, channel: str) -> Application:
    """Start, fill in and hand in, in the current society; a draft stays a draft."""
    scheme = current_scheme()
    category = scheme.category(wish.category)
    ticket = ApplyTicket(
        society=current().number,
        category=category.code,
        channel=channel,
        scheme_version=scheme.version,
        issued_on=wish.at.date(),
        code=wish.code,
    )
    for scan in range(1 + wish.person.n % 4 if wish.code else 0):  # not everybody who looks goes on
        count_scan(wish.code, wish.at - timedelta(hours=scan))
    application = start_application(ticket, language="zh-hans", at=wish.at)
    confirm_contact(application, contact=wish.person.phone, at=wish.at)
    if wish.stop == "draft":
        return application
    given = answers(category, wish.person)
    given.setdefault("mobile", wish.person.phone)
    submit_application(
        application,
        answers=given,
        interests=["101"] if wish.person.n % 3 == 0 and "interests" in category.optional_fields else None,
        papers=papers(category, wish.person),
        consents=[asked.purpose for asked in consents_asked()],
        confirmed_contact=wish.person.phone,
        at=wish.at,
    )
    return application


def act_in_society(wish: Wish, application: Application) -> None:
    """What the society's own staff, or the applicant, do."""
    application.refresh_from_db()
    later = wish.at + timedelta(hours=5)
    registrar = staff_user(Role.REGISTRAR)
    if wish.stop == "withdrawn":
        withdraw_application(application, by="applicant", at=later)
    elif wish.stop == "refused_here" and application.step == "endorse":
        refuse_application(application, by_user=registrar, reasons="材料不齐全：缺少高级职称证明。", at=later)
    elif wish.stop not in ("submitted", "refused_here") and application.step == "endorse":
        endorse_application(application, by_user=registrar, reason="情况属实，同意推荐。", at=later)


def decide_at_headquarters(wish: Wish, society: str, application: Application) -> None:
    """The officers' part, inside headquarters."""
    case = Case.objects.filter(society=society, application_id=application.pk, state=Case.State.OPEN).first()
    if case is None or wish.stop not in ("approved", "reported", "member", "refused", "refused_here"):
        return
    refused = wish.stop in ("refused", "refused_here")  # headquarters endorses nothing: its "here" is the desk
    decide_case(
        case,
        outcome="refused" if refused else "approved",
        reasons="专业经历与本类别条件不符，建议先申请普通会员。" if refused else "",
        by_user=staff_user(Role.OFFICER),
        at=_after(case.opened_at, wish.at + timedelta(days=1)),
    )


def pay_at_headquarters(wish: Wish, society: str, application: Application) -> None:
    """Voucher and confirmation, inside headquarters."""
    bill = Bill.objects.filter(society_number=society, application_id=application.pk).first()
    if bill is None or wish.stop not in ("reported", "member"):
        return
    paid_at = _after(bill.opened_at, wish.at + timedelta(days=2))
    if wish.years > 1:
        bill = choose_years(bill, wish.years, at=paid_at)
    attempt = report_remittance(
        bill,
        payer_name=wish.person.name,
        transferred_on=paid_at.date(),
        voucher=picture(wish.person.n),
        at=paid_at,
    )
    if wish.stop == "member":
        attempt = PaymentAttempt.objects.get(pk=attempt.pk)
        confirm_payment(attempt, by_user=staff_user(Role.FINANCE), at=min(paid_at + timedelta(hours=3), clock.now()))


def _after(earlier: datetime, wanted: datetime) -> datetime:
    """The moment that is wanted, or some hours after what it follows: messages travel once a season. Never to come."""
    return min(max(wanted, earlier + timedelta(hours=3)), clock.now())
