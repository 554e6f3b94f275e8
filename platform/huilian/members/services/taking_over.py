"""Making a member out of a row of a list: number, period, own code, report, and a letter if that was chosen."""

from collections.abc import Callable
from datetime import datetime

from huilian.accounts.contacts import email_contact, phone_contact
from huilian.accounts.hashing import seal
from huilian.accounts.models import User
from huilian.accounts.queries import local_day, user_of_contact
from huilian.accounts.services import open_account
from huilian.journal.services import record
from huilian.members.importing.checking import Candidate
from huilian.members.models import EntitlementYear, Member, MemberImport, Representative
from huilian.members.numbering import give_back_serial, take_serial
from huilian.members.services.activating import SORT_KEY_LENGTH
from huilian.members.services.reporting import report_member
from huilian.notices.services import notify
from huilian.schemes.document import Category, Scheme
from kit.names import sort_key
from referrals.services import mint_member_code
from tenants.context import current, url_of

IMPORTED = "import"  # the channel of who came by no channel
FIRST_SIGN_IN = "/sign-in/reset/"  # a code, and then a first password


def make_member(
    candidate: Candidate, batch: MemberImport, scheme: Scheme, *, check: Callable[[], None], at: datetime
) -> Member | None:
    """The new member; None if `check`, asked while nobody else can become one, finds a problem after all."""
    category, joined_on, year = candidate.category, candidate.joined_on, candidate.year
    assert category is not None and joined_on is not None and year is not None  # noqa: S101 - a row without problems
    serial = take_serial()
    check()
    if candidate.problems:
        give_back_serial()
        return None
    hashes = candidate.hashes
    person = not category.is_institution
    from_on, to_on = year
    user = _account(candidate, batch, at=at) if batch.invites else None
    member = Member(
        number=scheme.member_number.format(current().number, serial, category.grade_letter),
        kind=category.kind,
        category=category.code,
        state=Member.State.ACTIVE if to_on is None or local_day(at) < to_on else Member.State.LAPSED,
        name=candidate.name,
        sort_key=sort_key(candidate.name, person=person)[:SORT_KEY_LENGTH],
        phone=candidate.phone,
        email=candidate.email,
        id_type=candidate.id_type,
        id_number_sealed=seal(candidate.id_number) if candidate.id_number else "",
        phone_hash=hashes.get("phone", ""),
        email_hash=hashes.get("email", ""),
        id_number_hash=hashes.get("id_number", ""),
        profile=_profile(candidate, category),
        channel=IMPORTED,
        user=user if person else None,
        joined_on=joined_on,
        from_on=from_on,
        to_on=to_on,
        updated_at=at,
    )
    member.save(force_insert=True)
    EntitlementYear.objects.create(member=member, category=category.code, from_on=from_on, to_on=to_on)
    if not person and (user or candidate.representative):
        name = candidate.representative or candidate.name
        Representative.objects.create(member=member, user=user, name=name, from_on=from_on)
    mint_member_code(member.pk, "member" if person else "institution", at=at)
    report_member(member)
    if user is not None:
        _invite(member, candidate, category, batch, at=at)
    record(
        "member.imported",
        member,
        by=batch.confirmed_by,
        at=at,
        number=member.number,
        category=member.category,
        from_on=from_on,
        to_on=to_on,
    )
    return member


def _profile(candidate: Candidate, category: Category) -> dict[str, str]:
    """What is known, under the names by which the application form asks for it."""
    profile = dict(candidate.notes)
    if category.is_institution:
        profile["organisation_name"] = candidate.name
        told = {"representative_name": candidate.representative, "uscc": candidate.id_number}
        told |= {"representative_phone": candidate.phone, "representative_email": candidate.email}
    else:
        profile["name"] = candidate.name
        told = {"mobile": candidate.phone, "email": candidate.email, "id_type": candidate.id_type}
    return profile | {code: text for code, text in told.items() if text}


def _account(candidate: Candidate, batch: MemberImport, *, at: datetime) -> User | None:
    """Who will sign in: an account that proved one of these contacts and is nobody's yet, or a new one."""
    phone = phone_contact(candidate.phone) if candidate.phone else None
    email = email_contact(candidate.email) if candidate.email else None
    contacts = [each for each in (phone, email) if each is not None]
    if not contacts:
        return None
    found = {user.pk: user for each in contacts if (user := user_of_contact(each)) is not None}
    if not found:
        return open_account(
            name=candidate.representative or candidate.name,
            phone=candidate.phone,
            email=candidate.email,
            language=batch.language,
            at=at,
        )
    user = next(iter(found.values()))
    taken = Member.objects.filter(user=user).exists() or Representative.objects.filter(user=user).exists()
    return None if len(found) > 1 or taken or not user.is_active else user


def _invite(member: Member, candidate: Candidate, category: Category, batch: MemberImport, *, at: datetime) -> None:
    facts = {"to_on": member.to_on} if member.to_on else {}
    notify(
        "membership.taken_over",
        to_phone="" if candidate.email else candidate.phone,
        to_email=candidate.email,
        language=batch.language,
        at=at,
        name=candidate.representative or member.name,
        number=member.number,
        category=category.name.in_language(batch.language),
        link=url_of(current(), FIRST_SIGN_IN),
        **facts,
    )
