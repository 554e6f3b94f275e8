"""Zhejiang, Welding and headquarters, each with one of everything that has an address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from federation.ledger.models import Case, SocietyOrder
from federation.models import InboxMessage
from huilian.accounts.models import ApiToken, Invitation, Role, RoleGrant, User
from huilian.accounts.rules import scopes_of
from huilian.accounts.services import entrust_code, invite, mint_token
from huilian.applications.channels import seal
from huilian.applications.deciding import reconcile, record_resolution
from huilian.applications.models import Application, Paper
from huilian.applications.promotion import mint_campaign_code
from huilian.applications.services import confirm_contact, endorse_application
from huilian.billing.models import Bill
from huilian.members.models import Member
from huilian.members.services import set_portrait
from huilian.members.services.importing import upload_list
from huilian.notices.models import Notice
from huilian.notices.services import notify
from huilian.portals.console.saved_filters import save_filter
from huilian.portals.models import SavedFilter
from kit import clock
from kit.portraits import cut_portrait
from tests.applications.forms import another, draft, photo, staff, submit, ticket
from tests.federation_fixture import Federation
from tests.isolation.addresses import Address
from tests.members.lists import CHEN, LI, sheet
from tests.payments.cast import reported
from tests.portals.console.world import an_institution

BACKEND = "huilian.accounts.backends.ContactBackend"


def own_key(society: Any) -> int:
    """A key that no other society has: keys that are numbers begin anew in each."""
    return 900_000 + int(society.number)


@dataclass
class Household:
    """One society with its people, and the keys of what there is."""

    society: Any
    owner: User
    member: User
    applicant: User
    promoter: User
    token: str
    apply_ticket: str
    invitation_secret: str
    keys: dict[str, Any] = field(default_factory=dict)

    def arguments(self, address: Address) -> dict[str, Any]:
        """What to put into an address; KeyError for a new one until it is said here what to try."""
        return {argument: self.keys[what_is(address.name, argument)] for argument in address.arguments}


# Which thing `pk` is, by the longest beginning of the address's name.
_PAGES = {
    "apply_draft": "draft",
    "apply_done": "application",
    "my_withdraw": "application",
    "pay": "application",
    "paper": "paper",
    "console_member": "member",
    "console_code": "code",
    "console_application": "waiting",
    "console_filter": "filter",
    "console_import": "import",
    "console_role_end": "grant",
    "console_letter_again": "letter",
    "console_invitation_withdraw": "invitation",
    "console_token_end": "token",
    "console_case": "case",
    "console_payment": "payment",
    "console_voucher": "payment",
    "console_institution": "institution",
    "console_order": "order",
    "console_comparison": "comparison",
    "console_repair": "comparison",
    "console_parked": "parked",
    "console_replay": "parked",
    "console_resolution": "resolution",
    "console_honorary": "resolution",
}
_ARGUMENTS = {
    "application_id": "application",
    "paper_id": "paper",
    "member_id": "member",
    "code_id": "code",
    "case_id": "case",
    "payment_id": "payment",
    "order_id": "order",
    "message_id": "parked",
    "reconciliation_id": "comparison",
    "user_id": "promoter",
    "text": "code text",
    "secret": "secret",
    "kind": "kind",
    "version": "version",
    "category": "category",
    "number": "number",
    "verb": "verb",
    "purpose": "purpose",
    "event": "event",
    "language": "language",
}
_SPECIAL = {
    ("api_application_endorse", "application_id"): "waiting",
    ("api_application_refuse", "application_id"): "waiting",
    ("api_application_submit", "application_id"): "draft",
    ("console_case_paper", "paper_id"): "paper of the case",
}
# What can be foreign; the rest is the same everywhere.
FOREIGN = {*_PAGES.values(), "promoter", "code text", "secret", "paper of the case"}


def names_something(address: Address) -> bool:
    """Whether an address says which of a society's things it is about."""
    return any(what_is(address.name, argument) in FOREIGN for argument in address.arguments)


def what_is(name: str, argument: str) -> str:
    """Which thing an argument of an address stands for."""
    if (name, argument) in _SPECIAL:
        return _SPECIAL[name, argument]
    if argument != "pk":
        return _ARGUMENTS[argument]
    return _PAGES[max((known for known in _PAGES if name.startswith(known)), key=len)]


def settle_in(federation: Federation) -> dict[str, Household]:
    """Furnish all three; messages have arrived."""
    found = {}
    for name in ("zhejiang", "welding", "hq"):
        society = getattr(federation, name)
        with federation.inside(society):
            found[name] = _furnish(society)
        federation.settle()
    with federation.inside(federation.hq):
        found["hq"].keys |= _headquarters(found["hq"].owner, federation.settle)
    return found


def _furnish(society: Any) -> Household:
    at = clock.now()
    owner, promoter = staff("王伟", Role.OWNER), staff("周推广", Role.PROMOTER, pk=own_key(society))
    member = submit("student", another("student"), at=at)
    application = submit("ordinary", another("ordinary"), at=at, papers={"photo": photo()})
    waiting = submit("senior", another("senior"), at=at)
    begun = draft("ordinary", at=at)
    confirm_contact(begun, contact="chen@example.org", at=at)
    code = mint_campaign_code(label="年会", by_user=owner, at=at)
    entrust_code(promoter, code, by="system", at=at)
    invitation, secret = invite(Role.VIEWER, name="陈静", email="chen@example.org", by="system", at=at)
    Invitation.objects.filter(pk=invitation.pk).update(id=own_key(society))
    grant = RoleGrant.objects.create(pk=own_key(society), user=promoter, role=Role.VIEWER, from_on=date(2026, 1, 1))
    student = Member.objects.get()
    portrait = cut_portrait(photo(size=(300, 400)), shape="portrait", max_bytes=10_000_000)
    set_portrait(student, portrait, by="system", at=at)
    _token, token = mint_token(
        owner, label="test", scopes=scopes_of(owner), expires_at=at + timedelta(days=9), by="test", at=at
    )
    # To be ended by the page that ends tokens, while the other one goes on.
    spare, _secret = mint_token(
        owner, label="spare", scopes=["societies:read"], expires_at=at + timedelta(days=9), by="test", at=at
    )
    ApiToken.objects.filter(pk=spare.pk).update(id=own_key(society))
    batch = upload_list(sheet(LI, CHEN), file_name="list.xlsx", by_user=owner, at=at)
    kept = save_filter(owner, "members", name="现有会员", query="state=active", at=at)
    SavedFilter.objects.filter(pk=kept.pk).update(id=own_key(society))
    return Household(
        society=society,
        owner=owner,
        member=_user_of(member),
        applicant=_user_of(application),
        promoter=promoter,
        token=token,
        apply_ticket=seal(ticket("ordinary"), at=at),
        invitation_secret=secret,
        keys={
            "member": Member.objects.get().pk,
            "application": application.pk,
            "waiting": waiting.pk,
            "draft": begun.pk,
            "paper": Paper.objects.get(application=application).pk,
            "code": code.pk,
            "code text": code.code,
            "grant": grant.pk,
            "invitation": own_key(society),
            "token": own_key(society),
            "secret": secret,
            "promoter": promoter.pk,
            "filter": own_key(society),
            "import": batch.pk,
            "kind": "png",
            "version": 1,
            "category": "ordinary",
            "number": society.number,
            "verb": "suspend",
            "purpose": "share.headquarters",
            "event": "application.approved",
            "language": "zh-hans",
            "letter": _letter(at),
        },
    )


def _headquarters(owner: User, settle: Callable[[], None]) -> dict[str, Any]:
    at = clock.now()
    waiting = Application.objects.get(category="senior", state="in_progress")
    if waiting.step == "endorse":
        endorse_application(waiting, by_user=owner, at=at)
    settle()
    case = Case.objects.get()
    payment = reported(Bill.objects.get(society_number="101"), at=at, transferred_on=at.date())
    resolution = record_resolution(
        number="2026-1",
        meeting="理事会",
        resolved_on=date(2026, 1, 10),
        subject="荣誉",
        text="同意。",
        by_user=owner,
        at=at,
    )
    institution = an_institution(society="201")
    order = SocietyOrder.objects.create(verb="suspend", society="201", reason="搬迁", ordered_by="test", ordered_at=at)
    comparison = reconcile(numbers=["101"], by_user=owner, at=at)[0]
    parked = InboxMessage.objects.create(
        message_id=UUID(int=7),
        sender="101",
        sequence=10_000,
        type="member.reported",
        version=1,
        subject="member:7",
        payload={},
        occurred_at=at,
        received_at=at,
        state="parked",
    )
    settle()
    return {
        "case": case.pk,
        "paper of the case": case.dossier["papers"][0]["id"],
        "payment": payment.pk,
        "resolution": resolution.pk,
        "institution": institution.pk,
        "order": order.pk,
        "comparison": comparison.pk,
        "parked": parked.pk,
        # An order about another one than headquarters itself.
        "number": "201",
    }


def _letter(at: datetime) -> UUID:
    """One that was given up, so that it can be sent again."""
    facts = {"name": "李明", "reference": "1", "category": "学生会员"}
    [notice] = notify("application.approved", to_email="li@example.org", language="en", at=at, **facts)
    Notice.objects.filter(pk=notice.pk).update(state="failed")
    return notice.pk


def _user_of(application: Application) -> User:
    assert application.user is not None
    return application.user
