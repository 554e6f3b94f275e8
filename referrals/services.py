"""Minting and withdrawing codes, and freezing by whom an application came."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier, Placeholder

from kit.clean_text import clean_text
from kit.codes import mint_code
from kit.errors import Refusal
from referrals.counting import count_application, count_member, count_scan
from referrals.facts import Recommender
from referrals.models import Attribution, ReferralCode
from tenants.context import current

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

__all__ = [
    "count_application",
    "count_member",
    "count_scan",
    "mint_member_code",
    "mint_society_code",
    "record_attribution",
    "remint_codes",
    "revoke_code",
]

_MOST_USES = 1_000_000
_ATTEMPTS = 10


@transaction.atomic
def mint_society_code(
    *,
    label: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    max_uses: int | None = None,
    by: str,
    by_user: "AbstractBaseUser | None",
    at: datetime,
) -> ReferralCode:
    """Mint a code of the society for one campaign, valid on [valid_from, valid_to).

    Raises Refusal `label_missing`, `period_empty`, `period_over` or `max_uses_out_of_range`.
    """
    label = clean_text(label, max_length=80, field="label")
    if not label:
        raise Refusal("label_missing", _("Name the campaign, so that you find the code again."), field="label")
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise Refusal("period_empty", _("The end must lie after the beginning."), field="valid_to")
    if valid_to is not None and valid_to <= at.astimezone(ZoneInfo(current().time_zone)).date():
        raise Refusal("period_over", _("This period is over already. Choose a later end."), field="valid_to")
    if max_uses is not None and not 1 <= max_uses <= _MOST_USES:
        raise Refusal(
            "max_uses_out_of_range",
            _("The limit is a number from 1 to %(most)s; leave it empty for none."),
            field="max_uses",
            most=_MOST_USES,
        )
    for _attempt in range(_ATTEMPTS):
        code = ReferralCode(
            code=mint_code(current().number),
            kind=ReferralCode.Kind.SOCIETY,
            label=label,
            valid_from=valid_from,
            valid_to=valid_to,
            max_uses=max_uses,
            created_by_id=by_user.pk if by_user is not None else None,
            created_at=at,
        )
        if _insert_if_free(code):
            return code
    raise RuntimeError("no free code found: the random source repeats itself")


def mint_member_code(member_id: UUID, kind: str, *, at: datetime) -> ReferralCode:
    """Mint a member's own code; one who has a live one keeps it."""
    for _attempt in range(_ATTEMPTS):
        code = ReferralCode(
            code=mint_code(current().number), kind=ReferralCode.Kind(kind), member_id=member_id, created_at=at
        )
        if _insert_if_free(code):
            return code
        # Either the member has a code, be it one just minted by another request, or chance met a taken one.
        found = ReferralCode.objects.filter(member_id=member_id, revoked_at=None).first()
        if found is not None:
            return found
    raise RuntimeError("no free code found: the random source repeats itself")


@transaction.atomic
def revoke_code(code: ReferralCode, *, reason: str, by: str, at: datetime) -> ReferralCode:
    """Withdraw a code for good; what came by it stays attributed.

    Raises Refusal `reason_missing` or `code_already_revoked`.
    """
    reason = clean_text(reason, max_length=200, field="reason")
    if not reason:
        raise Refusal("reason_missing", _("Say why the code is withdrawn."), field="reason")
    changed = ReferralCode.objects.filter(pk=code.pk, revoked_at=None).update(revoked_at=at, revoke_reason=reason)
    code.refresh_from_db()
    if not changed:
        raise Refusal(
            "code_already_revoked",
            _("The referral code %(referral)s is withdrawn already."),
            status=409,
            referral=code.code,
        )
    return code


@transaction.atomic
def remint_codes() -> int:
    """Give each code that is not withdrawn a new text under this society's number; says how many.

    A code tells by its number where it leads. What came by the old text stays attributed to it.
    """
    number = current().number
    live = ReferralCode.objects.filter(revoked_at=None).exclude(code__startswith=f"{number}-")
    taken = set(ReferralCode.objects.values_list("code", flat=True))
    changes = []
    for old in live.values_list("code", flat=True):
        new = next(text for _n in range(_ATTEMPTS) if (text := mint_code(number)) not in taken)
        taken.add(new)
        changes.append((new, old))
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE referrals_referralcode SET code = %s WHERE code = %s", changes)
    return len(changes)


def record_attribution(
    application_id: UUID,
    *,
    channel: str,
    code: str = "",
    recommender: Recommender | None = None,
    scheme_version: int,
    at: datetime,
) -> Attribution:
    """Freeze by whom an application came, as it stands now; a later transfer adds a row and changes none."""
    attribution = Attribution(
        application_id=application_id,
        channel=channel,
        code=code,
        scheme_version=scheme_version,
        recorded_at=at,
    )
    if recommender is not None:
        attribution.recommender_society = recommender.society
        attribution.recommender_number = recommender.number
        attribution.recommender_name = recommender.name
        attribution.recommender_category = recommender.category
        attribution.recommender_rank = recommender.rank
        attribution.recommender_standing_to = recommender.to_on
    attribution.save(force_insert=True)
    return attribution


def _insert_if_free(code: ReferralCode) -> bool:
    """Insert the row unless its code is taken or its member has one: one statement, no savepoint."""
    columns = [(field, str(field.column)) for field in code._meta.concrete_fields]
    statement = SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        Identifier(code._meta.db_table),
        SQL(", ").join([Identifier(column) for _field, column in columns]),
        SQL(", ").join([Placeholder()] * len(columns)),
    )
    values = [field.get_db_prep_save(field.pre_save(code, add=True), connection) for field, _column in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        inserted = bool(cursor.rowcount == 1)
    code._state.adding, code._state.db = not inserted, connection.alias
    return inserted
