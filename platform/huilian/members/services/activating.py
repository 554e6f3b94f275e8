"""Making a member out of an approved application: number, years, own code, report, in one transaction."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from huilian.journal.services import record
from huilian.members import rules
from huilian.members.facts import ApplicationFacts
from huilian.members.models import EntitlementYear, Member, Representative
from huilian.members.numbering import give_back_serial, take_serial
from huilian.members.queries import standing_of
from huilian.members.rules import Year
from huilian.members.services.consenting import record_consents
from huilian.members.services.reporting import report_member
from huilian.schemes.document import Category
from huilian.schemes.queries import current_scheme
from kit.names import sort_key
from referrals.services import mint_member_code
from tenants.context import current

SORT_KEY_LENGTH = 300
_PERSON, _INSTITUTION = Member.Kind.PERSON, Member.Kind.INSTITUTION


@transaction.atomic
def activate_member(
    *,
    application: ApplicationFacts,
    category: Category,
    years: tuple[Year, ...],
    bill_id: UUID | None = None,
    at: datetime,
    by: str,
) -> Member:
    """Make the applicant a member for `years`, e.g. `rules.years_from(today, 5)`; done twice it is done once.

    Who was a member before (the same user) keeps number and joining date; years of the same category that are
    not over yet are kept, and the new ones follow them. Raises Refusal `member_serial_exhausted`.
    """
    rules.check_years(years)
    serial = take_serial()
    member = _known_member(application)
    if member is not None:
        give_back_serial()
        if not _is_done(member, application):
            _join_again(member, application, category, years, bill_id=bill_id, at=at, by=by)
        return member
    scheme = current_scheme(_today(at))
    member = Member(
        number=scheme.member_number.format(current().number, serial, category.grade_letter),
        joined_on=years[0][0],
        **_copied(application, category, at),
    )
    member.from_on, member.to_on = years[0][0], years[-1][1]
    member.save(force_insert=True)
    _open_years(member, years, application_id=application.application_id, bill_id=bill_id)
    _appoint_representative(member, application)
    mint_member_code(member.pk, "institution" if member.kind == _INSTITUTION else "member", at=at)
    record_consents(member.pk, application.consents, at=at)
    report_member(member)
    record(
        "member.activated",
        member,
        by=by,
        at=at,
        number=member.number,
        category=member.category,
        years=len(years),
        from_on=member.from_on,
        to_on=member.to_on,
    )
    return member


def _known_member(application: ApplicationFacts) -> Member | None:
    """The member of this application or user; an ID number alone proves nothing: anyone may type it."""
    known = Q(application_id=application.application_id)
    if application.user_id is not None and application.kind == _PERSON:
        known |= Q(kind=_PERSON, user_id=application.user_id)
    elif application.user_id is not None and application.id_number_hash:
        represented = Representative.objects.filter(member=OuterRef("pk"), user_id=application.user_id)
        known |= Q(Exists(represented), kind=_INSTITUTION, id_number_hash=application.id_number_hash)
    return Member.objects.select_for_update().filter(known).order_by("joined_on", "number").first()


def _is_done(member: Member, application: ApplicationFacts) -> bool:
    key = application.application_id
    return member.application_id == key or member.years.filter(application_id=key).exists()


def _join_again(
    member: Member,
    application: ApplicationFacts,
    category: Category,
    years: tuple[Year, ...],
    *,
    bill_id: UUID | None,
    at: datetime,
    by: str,
) -> None:
    before = {"category": member.category, "state": member.state, "to_on": member.to_on}
    continues = member.category == category.code and standing_of(member, years[0][0])
    if continues and member.to_on is not None:
        years = rules.years_from(member.to_on, len(years))
    elif not continues:
        member.from_on = years[0][0]
    for name, value in _copied(application, category, at).items():
        setattr(member, name, value)
    member.to_on = years[-1][1]
    member.version += 1
    member.save()
    _open_years(member, years, application_id=application.application_id, bill_id=bill_id)
    _appoint_representative(member, application)
    mint_member_code(member.pk, "institution" if member.kind == _INSTITUTION else "member", at=at)
    record_consents(member.pk, application.consents, at=at)
    report_member(member)
    record(
        "member.rejoined",
        member,
        by=by,
        at=at,
        number=member.number,
        before=before,
        category=member.category,
        years=len(years),
        to_on=member.to_on,
    )


def _copied(application: ApplicationFacts, category: Category, at: datetime) -> dict[str, object]:
    """What a member takes over from the application."""
    is_person = application.kind == _PERSON
    return {
        "kind": application.kind,
        "category": category.code,
        "state": Member.State.ACTIVE,
        "name": application.name,
        "sort_key": sort_key(application.name, person=is_person)[:SORT_KEY_LENGTH],
        "phone": application.phone,
        "email": application.email,
        "id_type": application.id_type,
        "id_number_sealed": application.id_number_sealed,
        "phone_hash": application.phone_hash,
        "email_hash": application.email_hash,
        "id_number_hash": application.id_number_hash,
        "profile": dict(application.profile),
        "interests": list(application.interests),
        "channel": application.channel,
        "referral_code": application.referral_code,
        "application_id": application.application_id,
        "user_id": application.user_id if is_person else None,
        "updated_at": at,
    }


def _open_years(member: Member, years: tuple[Year, ...], *, application_id: UUID, bill_id: UUID | None) -> None:
    EntitlementYear.objects.bulk_create(
        EntitlementYear(
            member=member,
            category=member.category,
            from_on=from_on,
            to_on=to_on,
            application_id=application_id,
            bill_id=bill_id,
        )
        for from_on, to_on in years
    )


def _appoint_representative(member: Member, application: ApplicationFacts) -> None:
    """Whoever applied for an institution acts for it from now on; one who does already goes on."""
    if member.kind != _INSTITUTION or not (application.user_id or application.representative_name):
        return
    if application.user_id is not None and member.version > 1:
        acting = member.representatives.filter(user_id=application.user_id, to_on=None)
        if acting.exists():
            return
    Representative.objects.create(
        member=member,
        user_id=application.user_id,
        name=application.representative_name or member.name,
        position=application.representative_position,
        from_on=member.from_on,
    )


def _today(at: datetime) -> date:
    return at.astimezone(ZoneInfo(current().time_zone)).date()
