"""What officers of headquarters do: each verb asks for the permission, acts on the ledger, and journals, in one go.

Pages and API call these and nothing below them.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from federation import replaying
from federation.ledger import desk, orders, reconciling, resolutions
from federation.ledger.models import (
    ApplicationEntry,
    Case,
    Decision,
    Reconciliation,
    Resolution,
    RollEntry,
    SocietyOrder,
)
from federation.ledger.queries import Duplicate, duplicates
from federation.models import InboxMessage
from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.journal.actors import actor_of
from huilian.journal.services import record
from huilian.members import services as members
from huilian.members.models import Member
from huilian.schemes import services as schemes
from huilian.schemes.document import Scheme
from huilian.schemes.models import SchemeVersion
from kit.clean_text import clean_text
from tenants.context import society_numbered

REASON_LENGTH = 2000


@transaction.atomic
def claim_case(case: Case, *, by_user: User, at: datetime) -> Case:
    """Take a case on; Refusal `forbidden` or `case_taken`."""
    require(by_user, "case.claim", case)
    actor = _actor_in(case, by_user)
    held = case.claimed_by == actor
    desk.claim_case(case, by=actor, at=at)
    if not held:
        record("case.claimed", case, by=actor, at=at, society=case.society, reference=case.reference)
    case.refresh_from_db()
    return case


@transaction.atomic
def release_case(case: Case, *, by_user: User, at: datetime) -> Case:
    """Leave a case of one's own to others; one that is somebody else's stays as it is."""
    require(by_user, "case.claim", case)
    actor = _actor_in(case, by_user)
    held = case.claimed_by == actor
    desk.release_case(case, by=actor)
    case.refresh_from_db()
    if held and not case.claimed_by:
        record("case.released", case, by=actor, at=at, society=case.society, reference=case.reference)
    return case


@transaction.atomic
def decide_case(
    case: Case, *, outcome: str, reasons: str, by_user: User, at: datetime, version: int | None = None
) -> Case:
    """Give a verdict; the application's society is told by message.

    `version` is that of the page the officer looked at. Refusals: `forbidden`, `already_decided`, `case_taken`,
    `reasons_needed`, `recommender_decides`, `unknown_outcome`.
    """
    require(by_user, "case.decide", case)
    if version is not None:
        case.version = version  # the conditional update then refuses whoever looked at an older state
    reasons = clean_text(reasons, max_length=REASON_LENGTH, field="reasons", multiline=True)
    actor = _actor_in(case, by_user)
    decided = desk.decide_case(
        case,
        outcome=outcome,
        reasons=reasons,
        by=actor,
        by_name=by_user.name[:100],
        at=at,
        member_number=_number_if_recommender(case, by_user),
    )
    verb = "case.approved" if outcome == desk.APPROVED else "case.refused"
    facts = {"society": decided.society, "reference": decided.reference, "final": decided.outcome != ""}
    record(verb, decided, by=actor, at=at, reason=reasons, **facts)
    return decided


@transaction.atomic
def order_society(
    verb: str,
    *,
    society: str = "",
    details: Mapping[str, Any] | None = None,
    reason: str,
    by_user: User,
    at: datetime,
) -> SocietyOrder:
    """Order a society to be opened, suspended, resumed or upgraded; the worker journals that it was done."""
    require(by_user, "society.order")
    reason = clean_text(reason, max_length=REASON_LENGTH, field="reason", multiline=True)
    actor = actor_of(by_user)
    order = orders.order_society(verb, society=society, details=dict(details or {}), reason=reason, by=actor, at=at)
    subject = ("society", order.society or "all")
    record(f"society.{verb}_ordered", subject, by=actor, at=at, reason=order.reason, order=order.pk)
    return order


@transaction.atomic
def record_resolution(
    *, number: str, meeting: str, resolved_on: date, subject: str, text: str, by_user: User, at: datetime
) -> Resolution:
    """Record a resolution of the council or the congress; its number is used once."""
    require(by_user, "resolution.record")
    actor = actor_of(by_user)
    lengths = {"number": (number, 60), "meeting": (meeting, 120), "subject": (subject, 200)}
    clean = {name: clean_text(value, max_length=most, field=name) for name, (value, most) in lengths.items()}
    resolution = resolutions.record_resolution(
        **clean,
        resolved_on=resolved_on,
        text=clean_text(text, max_length=20_000, field="text", multiline=True),
        by=actor,
        at=at,
    )
    record("resolution.recorded", resolution, by=actor, at=at, number=resolution.number, resolved_on=resolved_on)
    return resolution


@transaction.atomic
def grant_honorary(
    *,
    name: str,
    resolution: str,
    term: int | None,
    email: str = "",
    phone: str = "",
    category: str = "",
    by_user: User,
    at: datetime,
) -> Member:
    """Grant honorary membership by a recorded resolution; refusals as in `members.services.grant_honorary`."""
    require(by_user, "resolution.record")
    return members.grant_honorary(
        name=name,
        email=email,
        phone=phone,
        resolution=resolution,
        term=term,
        category=category,
        by=actor_of(by_user),
        at=at,
    )


@transaction.atomic
def reconcile(*, numbers: Collection[str] | None = None, by_user: User, at: datetime) -> list[Reconciliation]:
    """Ask societies (all by default) for their statement; the answers come by message."""
    require(by_user, "reconcile.run")
    for number in numbers or ():
        society_numbered(number)
    asked = reconciling.request_statements(at=at, numbers=numbers)
    societies = [each.society for each in asked]
    record("reconciliation.asked", ("federation", "all"), by=actor_of(by_user), at=at, societies=societies)
    return asked


@transaction.atomic
def repair(reconciliation: Reconciliation, *, by_user: User, at: datetime) -> int:
    """Have the differing rows reported again; returns how many that are."""
    require(by_user, "reconcile.run")
    rows = reconciling.repair(reconciliation)
    by = actor_of(by_user)
    record("reconciliation.repaired", reconciliation, by=by, at=at, society=reconciliation.society, rows=rows)
    return rows


@transaction.atomic
def replay_parked(message: InboxMessage, *, by_user: User, at: datetime) -> None:
    """Let a parked message be handled again; Refusal `not_parked`."""
    require(by_user, "reconcile.run")
    replaying.replay_parked(message.pk)
    facts = {"type": message.type, "sender": message.sender, "error": message.error[:200]}
    record("message.replayed", message, by=actor_of(by_user), at=at, **facts)


@transaction.atomic
def publish_scheme(scheme: Scheme, *, by_user: User, at: datetime) -> SchemeVersion:
    """Put a version of the scheme into force for the federation; refusals as in `schemes.services`."""
    require(by_user, "scheme.publish")
    return schemes.publish_scheme(scheme, by=actor_of(by_user), at=at)


def _actor_in(case: Case, officer: User) -> str:
    """The officer as this case knows them already: a new name does not make them another person."""
    key = f"user:{officer.pk} "
    known = [case.claimed_by, *Decision.objects.filter(case=case).values_list("officer", flat=True)]
    return next((actor for actor in known if f"{actor} ".startswith(key)), actor_of(officer))


def known_elsewhere(case: Case) -> list[Duplicate]:
    """Where in the federation the applicant is known already: says where, never who; at most three queries."""
    entry = ApplicationEntry.objects.filter(society=case.society, application_id=case.application_id).first()
    if entry is None:
        return []
    return duplicates(
        phone_hash=entry.phone_hash,
        email_hash=entry.email_hash,
        id_number_hash=entry.id_number_hash,
        except_application=entry.application_id,
    )


def _number_if_recommender(case: Case, officer: User) -> str:
    """The recommender's number if the officer is that member: officers are members of any society, so ask the roll."""
    if not case.recommender_number:
        return ""
    own = Q(pk=None)
    if officer.phone:
        own |= Q(phone_hash=contact_hash("phone", officer.phone))
    if officer.email:
        own |= Q(email_hash=contact_hash("email", officer.email))
    theirs = RollEntry.objects.filter(own, number=case.recommender_number)
    member = getattr(officer, "member", None)
    is_recommender = (member is not None and member.number == case.recommender_number) or theirs.exists()
    return case.recommender_number if is_recommender else ""
