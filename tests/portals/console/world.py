"""A federation with something on every page of the console: each thing by the service that makes it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from federation.ledger.models import Case, FeeEntry, Reconciliation, RollEntry, SocietyOrder
from federation.ledger.recounting import mend_sums
from federation.models import InboxMessage
from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.services import entrust_code, invite
from huilian.applications.deciding import reconcile, record_resolution
from huilian.applications.models import Application
from huilian.applications.promotion import mint_campaign_code, mint_code_of_member
from huilian.applications.services import endorse_application
from huilian.billing.models import Bill
from huilian.members.models import Member
from huilian.members.services.importing import upload_list
from kit import clock
from tests.applications.forms import another, staff, submit
from tests.federation_fixture import Federation
from tests.members.lists import CHEN, LI, sheet
from tests.payments.cast import reported


@dataclass
class World:
    """Keys of what there is: in the welding branch, and at headquarters."""

    federation: Federation
    owner: User  # of the welding branch
    officer: User  # owner of headquarters
    promoter: User
    member: UUID
    code: UUID
    member_code: UUID
    waiting: UUID  # an application that waits for an endorsement
    case: UUID
    paper: str
    payment: UUID
    resolution: int
    institution: int
    order: UUID
    comparison: int
    parked: int
    invitation: int
    grant: int
    batch: UUID  # a list of members to be confirmed


def populated(federation: Federation) -> World:
    """Li waits for an endorsement, another for a verdict, a third has paid, a student is a member."""
    at = clock.now()
    with federation.inside(federation.welding):
        owner, promoter = staff("王伟", Role.OWNER), staff("周推广", Role.PROMOTER)
        submit("student", another("student"), at=at)
        submit("ordinary", another("ordinary"), at=at)
        endorse_application(submit("senior", another("senior"), at=at), by_user=owner, at=at)
        waiting = submit("senior", another("senior"), at=at)
        code = mint_campaign_code(label="2026 年会", by_user=owner, at=at)
        entrust_code(promoter, code, by="system", at=at)
        invitation, _secret = invite(Role.VIEWER, name="陈静", email="chen@example.org", by="system", at=at)
        member = Member.objects.get()
        member_code = mint_code_of_member(member, by_user=owner, at=at)
        grant = RoleGrant.objects.get(role=Role.OWNER).pk
        batch = upload_list(sheet(LI, CHEN, ["李五", "金牌"]), file_name="list.xlsx", by_user=owner, at=at)
    federation.settle()
    return World(
        federation=federation,
        owner=owner,
        promoter=promoter,
        member=member.pk,
        code=code.pk,
        member_code=member_code.pk,
        waiting=waiting.pk,
        invitation=invitation.pk,
        grant=grant,
        batch=batch.pk,
        **_headquarters(federation),
    )


def _headquarters(federation: Federation) -> dict[str, Any]:
    at = clock.now()
    with federation.inside(federation.hq):
        officer = staff("赵敏", Role.OWNER)
        payment = reported(Bill.objects.get(), at=at, transferred_on=at.date())
        resolution = record_resolution(
            number="2026-1",
            meeting="第十二届理事会",
            resolved_on=date(2026, 1, 10),
            subject="授予荣誉会员",
            text="同意。",
            by_user=officer,
            at=at,
        )
        # No worker of the suite carries it out: the row is all that the page needs.
        order = SocietyOrder.objects.create(
            verb="suspend", society="201", reason="搬迁", ordered_by="system", ordered_at=at
        )
        reconcile(numbers=["101"], by_user=officer, at=at)
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
            error="KeyError (federation/codec.py:1 in decode)",
        )
        institution = an_institution(society="201")
        case = Case.objects.get()
    federation.settle()
    return {
        "officer": officer,
        "payment": payment.pk,
        "resolution": resolution.pk,
        "institution": institution.pk,
        "order": order.pk,
        "comparison": _latest_comparison(federation),
        "parked": parked.pk,
        "case": case.pk,
        "paper": case.dossier["papers"][0]["id"],
    }


def an_institution(**changes: Any) -> RollEntry:
    """A line of headquarters' roll, counted in its sums."""
    facts = {
        "society": "101",
        "member_id": uuid4(),
        "number": f"201{uuid4().int % 10**7:07d}D",
        "kind": "institution",
        "category": "institutional",
        "state": "active",
        "name": "某厂",
        "channel": "branch",
        "joined_on": date(2026, 1, 1),
        "from_on": date(2026, 1, 1),
        "version": 1,
        "reported_at": clock.now(),
        **changes,
    }
    entry = RollEntry.objects.create(**facts)
    mend_sums(entry.society)
    return entry


def a_fee(**changes: Any) -> FeeEntry:
    """A line of headquarters' fee book, counted in its sums."""
    facts = {
        "payee": "100",
        "bill_id": uuid4(),
        "society": "101",
        "number": uuid4().hex[:12],
        "category": "ordinary",
        "years": 1,
        "amount_minor": 5000,
        "currency": "CNY",
        "state": "settled",
        "opened_at": clock.now(),
        "version": 1,
        "reported_at": clock.now(),
        **changes,
    }
    entry = FeeEntry.objects.create(**facts)
    mend_sums(entry.society)
    return entry


def _latest_comparison(federation: Federation) -> int:
    with federation.inside(federation.hq):
        return Reconciliation.objects.latest("pk").pk


def state_of(federation: Federation, society: Any, pk: UUID) -> Application:
    """An application as its society has it."""
    with federation.inside(society):
        return Application.objects.get(pk=pk)
