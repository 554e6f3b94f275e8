"""Honorary membership: granted by a recorded resolution, never applied for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.ledger.models import Resolution
from huilian.accounts.hashing import contact_hash
from huilian.journal.services import record
from huilian.members import rules
from huilian.members.models import EntitlementYear, Member
from huilian.members.numbering import take_serial
from huilian.members.rules import Year
from huilian.members.services.reporting import report_member
from huilian.notices.services import notify
from huilian.schemes.document import BY_RESOLUTION, Category, Scheme
from huilian.schemes.queries import current_scheme
from kit.contact import normalise_email, normalise_phone
from kit.errors import Refusal
from kit.names import clean_name, sort_key
from referrals.services import mint_member_code
from tenants.context import current, law

_MOST_YEARS = 50
_LENGTH = Member._meta.get_field("sort_key").max_length


@transaction.atomic
def grant_honorary(
    *,
    name: str,
    email: str = "",
    phone: str = "",
    resolution: str,
    term: int | None,
    category: str = "",
    language: str = "zh-hans",
    by: str,
    at: datetime,
) -> Member:
    """Make someone a member by the resolution with this number, for `term` years or (None) without an end.

    At headquarters only. Raises Refusal `not_headquarters` (403), `resolution_unknown`, `honorary_unknown`,
    `term_out_of_range`, `honorary_already_granted` (409), or what is wrong with name, e-mail or phone.
    """
    if not law().aggregates:
        raise Refusal("not_headquarters", _("Honorary membership is granted by headquarters only."), status=403)
    if term is not None and not 1 <= term <= _MOST_YEARS:
        raise Refusal(
            "term_out_of_range",
            _("The term is 1 to %(most)s years, or none."),
            field="term",
            most=_MOST_YEARS,
        )
    today = at.astimezone(ZoneInfo(current().time_zone)).date()
    scheme = current_scheme(today)
    granted = _honorary_category(scheme, category)
    decided = Resolution.objects.filter(number=resolution.strip()).first()
    if decided is None:
        raise Refusal(
            "resolution_unknown",
            _("No resolution with number %(number)s is recorded. Record it first."),
            field="resolution",
            number=resolution.strip(),
        )
    person = granted.kind == "person"
    member = Member(
        kind=granted.kind,
        category=granted.code,
        name=clean_name(name),
        email=normalise_email(email) if email.strip() else "",
        phone=normalise_phone(phone) if phone.strip() else "",
        channel="headquarters",
        joined_on=today,
        updated_at=at,
    )
    member.sort_key = sort_key(member.name, person=person)[:_LENGTH]
    member.email_hash = contact_hash("email", member.email)
    member.phone_hash = contact_hash("phone", member.phone)
    years: tuple[Year, ...] = ((today, None),) if term is None else rules.years_from(today, term)
    member.from_on, member.to_on = years[0][0], years[-1][1]
    serial = take_serial()  # from here on nobody else is granted the same
    _check_not_granted(member, decided)
    member.number = scheme.member_number.format(current().number, serial, granted.grade_letter)
    member.save(force_insert=True)
    EntitlementYear.objects.bulk_create(
        EntitlementYear(member=member, category=granted.code, from_on=from_on, to_on=to_on, resolution=decided.number)
        for from_on, to_on in years
    )
    mint_member_code(member.pk, "member" if person else "institution", at=at)
    _welcome(member, granted, language=language, at=at)
    report_member(member)
    record(
        "member.honoured",
        member,
        by=by,
        at=at,
        number=member.number,
        category=member.category,
        resolution=decided.number,
        resolved_on=decided.resolved_on,
        to_on=member.to_on,
    )
    return member


def _honorary_category(scheme: Scheme, code: str) -> Category:
    granted = [each for each in scheme.categories if each.term == BY_RESOLUTION]
    chosen = [each for each in granted if not code or each.code == code]
    if len(chosen) != 1:
        raise Refusal(
            "honorary_unknown",
            _("Name the category to be granted: one whose term is set by resolution (here: %(categories)s)."),
            field="category",
            categories=tuple(each.code for each in granted) or "—",
        )
    return chosen[0]


def _check_not_granted(member: Member, resolution: Resolution) -> None:
    granted = EntitlementYear.objects.filter(
        resolution=resolution.number,
        member__name=member.name,
        member__email_hash=member.email_hash,
        member__phone_hash=member.phone_hash,
    ).select_related("member")
    found = granted.first()
    if found is not None:
        raise Refusal(
            "honorary_already_granted",
            _("By this resolution %(name)s has been granted membership already: number %(number)s."),
            status=409,
            name=member.name,
            number=found.member.number,
        )


def _welcome(member: Member, category: Category, *, language: str, at: datetime) -> None:
    facts = {"to_on": member.to_on} if member.to_on else {}
    notify(
        "membership.welcome",
        to_phone=member.phone,
        to_email=member.email,
        language=language,
        at=at,
        name=member.name,
        number=member.number,
        category=category.name.in_language(language),
        from_on=member.from_on,
        **facts,
    )
