"""Who may act on an application, whom the past bars from a new one, and what must be agreed to."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.applications.channels import ApplyTicket, EarlierRefusal
from huilian.applications.models import Application
from huilian.applications.refusals import already_decided
from huilian.schemes.document import Category, Scheme
from kit.clean_text import clean_text
from kit.errors import Refusal
from referrals.facts import Identity
from tenants.context import law

SHARE_WITH_HEADQUARTERS = "share.headquarters"
REASON_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """One purpose that the applicant is asked to agree to, by itself."""

    purpose: str
    text: str | Promise


def consents_asked() -> tuple[ConsentAsked, ...]:
    """What the current society must ask: a legal person of its own needs leave to share with headquarters."""
    if not law().separate_controller:
        return ()
    return (
        ConsentAsked(
            SHARE_WITH_HEADQUARTERS,
            _(
                "I agree that this society gives what is needed to decide my application and to keep the "
                "federation's roll of members to headquarters."
            ),
        ),
    )


def consent_version(scheme: Scheme) -> str:
    """Which words were agreed to: those shown under this version of the scheme."""
    return f"{scheme.key}-{scheme.version}"[:20]


def missing_consents(given: Collection[str]) -> list[Refusal]:
    """A Refusal for each consent that was not given; without it nothing may leave this society."""
    return [
        Refusal(
            "consent_missing",
            _("Without this consent the application cannot be handed on to headquarters, which takes part in it."),
            field=f"consent:{asked.purpose}",
            purpose=asked.purpose,
        )
        for asked in consents_asked()
        if asked.purpose not in given
    ]


def check_staff_step(application: Application, user: User, *, on: date) -> None:
    """Pass a member of staff who may decide the step at which an application of this society stands.

    Raises Refusal `forbidden`, `not_waiting_here`, `own_application` or `recommender_decides`.
    """
    require(user, "application.endorse", application, on=on)
    if application.state != Application.State.IN_PROGRESS or application.step_actor != "society":
        raise Refusal(
            "not_waiting_here",
            _("Application %(reference)s does not wait for this society."),
            status=409,
            reference=application.reference,
        )
    if application.user_id == user.pk:
        raise Refusal("own_application", _("Nobody decides on their own application."), status=403)
    if _is_recommender(application, user):
        raise Refusal(
            "recommender_decides",
            _("Whoever recommended an applicant cannot decide on the application. A colleague must do it."),
            status=403,
        )


def check_version(application: Application, version: int | None) -> None:
    """Refuse a decision taken on a page that shows an older state."""
    if version is not None and version != application.version:
        raise already_decided(application)


def clean_reasons(text: str, *, field: str = "reasons") -> str:
    """Reasons in writing: a refusal without them is none."""
    reasons = clean_text(text, max_length=REASON_LENGTH, field=field, multiline=True)
    if not reasons:
        raise Refusal("reasons_missing", _("Give the reasons in writing; the applicant will read them."), field=field)
    return reasons


def check_earlier_refusals(
    application: Application, dates: Iterable[date], told: Iterable[EarlierRefusal], *, on: date
) -> None:
    """Refuse `too_early` until the day from which one may apply again in the same category.

    `dates` are those of this society's books; `told` is what headquarters knew of other societies when it
    issued the ticket, and counts for the contact that was confirmed here.
    """
    elsewhere = [
        earlier.reapply_on
        for earlier in told
        if earlier.category == application.category and earlier.contact_hash == application.confirmed_hash
    ]
    later = [day for day in (*dates, *elsewhere) if day > on]
    if later:
        raise Refusal(
            "too_early",
            _("An earlier application of yours was refused. You may apply again from %(reapply_on)s."),
            status=409,
            reapply_on=max(later),
        )


def reapply_date(category: Category, *, refused_on: date) -> date | None:
    """From when a refused applicant may apply again: so many months on; None where there is no wait.

    Where that month has no such day it is the first of the next, so that the months have passed in full.
    """
    if not category.reapply_after_months:
        return None
    years, month = divmod(refused_on.month - 1 + category.reapply_after_months, 12)
    year, month = refused_on.year + years, month + 1
    if refused_on.day <= monthrange(year, month)[1]:
        return date(year, month, refused_on.day)
    return date(year + month // 12, month % 12 + 1, 1)


def _is_recommender(application: Application, user: User) -> bool:
    """Staff of one society may be members of another, so the recommender is also known by keyed hashes."""
    recommender = ApplyTicket.from_data(application.ticket).recommender
    if recommender is None:
        return False
    member = getattr(user, "member", None)
    return recommender.identity.is_same_as(
        Identity(
            number=member.number if member is not None else "",
            phone_hash=contact_hash("phone", user.phone or ""),
            email_hash=contact_hash("email", user.email or ""),
        )
    )
