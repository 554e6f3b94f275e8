"""Opening a form and coming back to it: a draft is the applicant's own, and nobody else's business yet."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.contacts import read_contact
from huilian.accounts.hashing import seal
from huilian.accounts.models import User
from huilian.applications.answers import check_draft
from huilian.applications.channels import ApplyTicket, check_category
from huilian.applications.models import Application
from huilian.applications.papers import forget_papers
from huilian.applications.refusals import already_decided
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme, scheme_version
from kit.codes import ALPHABET
from kit.errors import Refusal
from tenants.context import current

_RANDOM_CHARACTERS = 10


def start_application(ticket: ApplyTicket, *, language: str, at: datetime, user: User | None = None) -> Application:
    """Begin a draft with what the ticket settled; `user` if the applicant is signed in.

    Raises Refusal `bad_ticket` (the ticket is for another society) or `category_by_resolution`.
    """
    if ticket.society != current().number:
        raise Refusal("bad_ticket", _("This link is not valid here. Please begin again."), status=403)
    scheme = _rules_of(ticket)
    category = check_category(scheme, ticket.category)
    return Application.objects.create(
        reference=_mint_reference(),
        user=user,
        category=category.code,
        kind=category.kind,
        scheme_version=scheme.version,
        channel=ticket.channel,
        referral_code=ticket.code,
        recommender_number=ticket.recommender.number if ticket.recommender else "",
        ticket=ticket.to_data(),
        language="en" if language.lower().startswith("en") else "zh-hans",
        created_at=at,
    )


def save_draft(application: Application, answers: Mapping[str, object], *, at: datetime) -> Application:
    """Keep unfinished answers; raises Problems only for what cannot be stored at all.

    The identity number is sealed from the first moment on.
    """
    category = scheme_version(application.scheme_version).category(application.category)
    kept = check_draft(category, answers)
    _update_draft(
        application,
        answers=kept.answers,
        interests=kept.interests,
        name=kept.name,
        id_number_sealed=seal(kept.id_number) if kept.id_number else "",
    )
    return application


def confirm_contact(application: Application, *, contact: str, at: datetime) -> Application:
    """Note that the applicant proved to reach this phone or e-mail (`accounts.check_code` accepted the code)."""
    _update_draft(application, confirmed_hash=read_contact(contact).hash, contact_confirmed_at=at)
    return application


def withdraw_draft(application: Application) -> None:
    """Throw a draft away with its papers: nothing was submitted, so nothing is kept."""
    with transaction.atomic():
        drafts = Application.objects.filter(pk=application.pk, state=Application.State.DRAFT)
        if drafts.select_for_update().first() is None:
            raise already_decided(application)
        forget_papers(application)
        drafts.delete()


def _rules_of(ticket: ApplyTicket) -> Scheme:
    try:
        return scheme_version(ticket.scheme_version)
    except Refusal:
        # The front door knew a version that is still on its way to us: the rules in force here count.
        return current_scheme()


def _update_draft(application: Application, **columns: object) -> None:
    drafts = Application.objects.filter(pk=application.pk, state=Application.State.DRAFT)
    if not drafts.update(**columns):
        raise already_decided(application)
    for name, value in columns.items():
        setattr(application, name, value)


def _mint_reference() -> str:
    """A name for an application that can be read out, e.g. A101-KQ27M-9TXCD (45 random bits)."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(_RANDOM_CHARACTERS))
    return f"A{current().number}-{drawn[:5]}-{drawn[5:]}"
