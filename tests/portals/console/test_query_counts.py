"""What each list of the console costs: the same at one row and at three, and pinned, so that a change is a decision."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from federation.ledger.models import Case, Resolution, SocietyOrder
from federation.ledger.projecting import APPLICATIONS, MEMBERS
from federation.models import InboxMessage
from huilian.accounts.models import Role
from huilian.accounts.services import invite
from huilian.applications.promotion import mint_campaign_code
from huilian.billing.models import Bill
from huilian.notices.services import notify
from huilian.payments.models import PaymentAttempt
from kit import clock
from tests.applications.forms import another, staff, submit
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import application, member
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.world import a_fee, an_institution
from tests.portals.walking import standing_member

DOSSIER: dict[str, Any] = {"answers": {}, "papers": [], "steps": [], "recommender": {}}


def a_member() -> None:
    standing_member(f"李{uuid4().hex[:6]}")


def a_code() -> None:
    mint_campaign_code(label="年会", by_user=staff("某", Role.OWNER), at=clock.now())


def an_application() -> None:
    submit("senior", another("senior"), at=clock.now())


def a_letter() -> None:
    notify("code.sent", to_phone="+8613800000001", language="en", at=clock.now(), code="123456", minutes=10)


def an_office() -> None:
    staff("某", Role.VIEWER)
    invite(Role.VIEWER, name="某", phone="13800000001", by="system", at=clock.now())


def a_case() -> Case:
    return Case.objects.create(
        society="101",
        application_id=uuid4(),
        step_index=1,
        step="review",
        reference="A101",
        name="李",
        kind="person",
        category="senior",
        channel="branch",
        dossier=DOSSIER,
        scheme_version=1,
        opened_at=clock.now(),
        due_on=date(2030, 1, 1),
        claimed_by="user:9 某",
    )


def a_payment() -> None:
    number = uuid4().hex[:12]
    bill = Bill.objects.create(
        number=f"B2026-{number}",
        society_number="101",
        application_id=uuid4(),
        payer_name="李",
        category="ordinary",
        unit_minor=5000,
        amount_minor=5000,
        currency="CNY",
        scheme_version=1,
        state="reported",
        opened_at=clock.now(),
    )
    PaymentAttempt.objects.create(
        bill=bill, provider="remittance", amount_minor=5000, currency="CNY", reported_at=clock.now()
    )


def a_roll_entry() -> None:
    an_institution(kind="person", category="senior")


def a_reported_member() -> None:
    with transaction.atomic():
        MEMBERS.apply([(member(uuid4().int % 10**7), "101", clock.now())])


def a_reported_application() -> None:
    with transaction.atomic():
        report = application(uuid4().int % 10**7, clock.now())
        APPLICATIONS.apply([(report, "101", clock.now())])


def an_order() -> None:
    SocietyOrder.objects.create(verb="suspend", society="201", reason="x", ordered_by="system", ordered_at=clock.now())


def a_parked_message() -> None:
    InboxMessage.objects.create(
        message_id=uuid4(),
        sender="101",
        sequence=InboxMessage.objects.count() + 1000,
        type="case.closed",
        version=1,
        subject="x",
        payload={},
        occurred_at=clock.now(),
        received_at=clock.now(),
        state="parked",
    )


def a_resolution() -> None:
    Resolution.objects.create(
        number=uuid4().hex[:12],
        meeting="理事会",
        resolved_on=date(2026, 1, 1),
        subject="x",
        text="x",
        recorded_by="system",
        recorded_at=clock.now(),
    )


# Every page asks for the session, the user and the user's offices, and counts what waits on each desk it may
# clear: 4 in a society, 6 at headquarters. A list adds two, one for its count and one for its rows.
SOCIETY_LISTS: list[tuple[str, Callable[[], object], int]] = [
    ("/console/members/", a_member, 9),
    ("/console/codes/", a_code, 6),
    ("/console/endorsements/", an_application, 7),
    ("/console/applications/", an_application, 7),
    ("/console/journal/", a_code, 6),
    ("/console/staff/", an_office, 7),
    ("/console/schemes/", a_code, 7),
    ("/outbox/", a_letter, 6),
    ("/console/letters/", a_letter, 7),
    ("/console/", an_application, 10),
]
HEADQUARTERS_LISTS: list[tuple[str, Callable[[], object], int]] = [
    ("/console/cases/", a_case, 9),
    ("/console/payments/", a_payment, 9),
    ("/console/roll/", a_roll_entry, 10),
    ("/console/institutions/", an_institution, 9),
    ("/console/fees/", a_fee, 9),
    ("/console/societies/", an_order, 10),
    ("/console/border/", a_parked_message, 9),
    ("/console/resolutions/", a_resolution, 8),
    ("/console/federation/", a_case, 14),
    ("/console/federation/past/", a_case, 11),
    ("/console/federation/past/members/?society=101", a_reported_member, 9),
    ("/console/federation/applications/", a_reported_application, 10),
]


def _check(federation: Federation, society: Any, desk: Desk, path: str, make: Callable[[], object], most: int) -> None:
    found = {}
    for rows, more in ((1, 1), (3, 2)):
        with federation.inside(society):
            for _row in range(more):
                make()
        found[rows] = desk.statements(path)
    shown = "\n".join(sql[:200] for sql in found[3])
    assert len(found[1]) == len(found[3]), shown
    assert len(found[3]) == most, shown


@pytest.mark.parametrize(("path", "make", "most"), SOCIETY_LISTS, ids=lambda given: getattr(given, "__name__", None))
def test_lists_of_a_society(federation: Federation, path: str, make: Callable[[], object], most: int) -> None:
    desk = at_desk(federation.welding, Role.OWNER)
    _check(federation, federation.welding, desk, path, make, most)


@pytest.mark.parametrize(
    ("path", "make", "most"), HEADQUARTERS_LISTS, ids=lambda given: getattr(given, "__name__", None)
)
def test_lists_of_headquarters(federation: Federation, path: str, make: Callable[[], object], most: int) -> None:
    desk = at_desk(federation.hq, Role.OWNER)
    _check(federation, federation.hq, desk, path, make, most)
