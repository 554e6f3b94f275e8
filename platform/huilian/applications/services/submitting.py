"""Handing an application in: everything is checked, frozen and set on its way in one transaction."""

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from huilian.accounts.hashing import seal
from huilian.accounts.models import User
from huilian.accounts.queries import user_of_contact
from huilian.accounts.services import open_account
from huilian.applications.channels import ApplyTicket, check_category, check_recommendation
from huilian.applications.models import Application, StepRecord
from huilian.applications.papers import NamedUpload, keep_paper
from huilian.applications.refusals import already_applied
from huilian.applications.rules import consent_version
from huilian.applications.services.barring import check_no_refusal, check_not_member, live_application_of
from huilian.applications.services.checking import Form, check_form
from huilian.applications.services.stepping import enter
from huilian.applications.services.telling import addressee_of, tell
from huilian.applications.services.walking import Walk, open_walk
from huilian.journal.actors import actor_of
from huilian.members.models import NumberSerial
from kit.errors import Refusal
from referrals.facts import Identity
from referrals.queries import find_code
from referrals.rules import check_code
from referrals.services import count_application, record_attribution

State = Application.State


def submit_application(
    application: Application,
    *,
    answers: Mapping[str, object],
    interests: Sequence[str] | None = None,
    papers: Mapping[str, NamedUpload] | None = None,
    consents: Collection[str] = (),
    confirmed_contact: str = "",
    password: str | None = None,
    at: datetime,
    by: str = "",
) -> Application:
    """Hand in a draft; the applicant gets an account by the contact that was confirmed, if there is none.

    `answers` by field code; `interests` as in the field of that name; `papers` by code, besides those attached
    before; `confirmed_contact` a phone or e-mail whose code was accepted in this very request.
    Raises Problems with everything to be corrected, and Refusal `already_applied`, `already_member`, `too_early`
    (409), `category_by_resolution`, or one of `referrals.rules`. Nothing is kept of an attempt that is refused.
    """
    if application.state != State.DRAFT:
        raise already_applied(application, own=True)
    given = dict(answers) if interests is None else {**answers, "interests": list(interests)}
    # What fails half-way must not leave its marks on the caller's draft.
    walk = open_walk(copy.copy(application), by=by or _applicant(application), at=at)
    check_category(walk.scheme, application.category)
    form = check_form(walk, given, papers=papers or {}, consents=consents, confirmed_contact=confirmed_contact)
    walk.has_papers = bool(form.papers) or application.created_at != at  # begun in this act: nothing came before
    # Also if the row never comes to be, its proven owner may be told of the one that stands in its way.
    walk.application.confirmed_hash = form.contact.hash
    written: list[str] = []
    try:
        with transaction.atomic():
            _submit(walk, form, written, password=password)
    except BaseException as error:
        for path in written:
            default_storage.delete(path)
        raise _explained(error, application, walk.application) from error
    application.__dict__.update(walk.application.__dict__)
    return application


def _submit(walk: Walk, form: Form, written: list[str], *, password: str | None) -> None:
    application = walk.application
    ticket = ApplyTicket.from_data(application.ticket)
    _check_ways(walk, ticket, form)
    attribution = record_attribution(
        application.pk,
        channel=application.channel,
        code=application.referral_code,
        recommender=ticket.recommender,
        scheme_version=application.scheme_version,
        at=walk.at,
    )
    walk.note(StepRecord.Outcome.SUBMITTED, -1)
    # The order of locks is the same wherever applications move, so that nobody waits in a circle: the row (whoever
    # hands in the same twice waits here), the code's day, the member serial, and the journal last.
    stop = walk.move(
        submitted_at=walk.at, attribution_id=attribution.pk, **_columns(form), **_consents(walk, form.consents)
    )
    if application.referral_code:
        count_application(application.referral_code, walk.at)
    user = application.user or user_of_contact(form.contact)
    check_not_member(walk, user)
    check_no_refusal(walk, ticket)
    for code, (file_name, clean) in form.papers.items():
        written.append(keep_paper(application, code, clean, file_name=file_name, at=walk.at).path)
    if stop.needs_nobody:
        # Becoming a member takes the serial before it journals; opening the account must not come in between.
        _hold_serial()
        _link_account(walk, form, user, password=password)  # becoming a member writes the link down
        enter(walk, stop)
    else:
        tell("application.acknowledged", walk, due_on=application.step_due_on)
        enter(walk, stop)
        if _link_account(walk, form, user, password=password):
            Application.objects.filter(pk=application.pk).update(user=application.user)
    walk.finish(
        "application.submitted",
        category=application.category,
        channel=application.channel,
        code=application.referral_code,
        scheme_version=application.scheme_version,
    )


def _check_ways(walk: Walk, ticket: ApplyTicket, form: Form) -> None:
    """The channel is frozen today, so today its rules must hold; only now is it known who applies."""
    if ticket.recommender is not None:
        applicant = Identity(phone_hash=form.phone_hash, email_hash=form.email_hash, id_number_hash=form.id_number_hash)
        check_recommendation(
            walk.scheme, walk.category, ticket.recommender, applicant, channel=ticket.channel, on=walk.on
        )
    code = find_code(ticket.code) if ticket.code else None
    if code is not None:
        check_code(code, on=walk.on)


def _columns(form: Form) -> dict[str, Any]:
    checked = form.checked
    return {
        "answers": checked.answers,
        "interests": checked.interests,
        "name": checked.name,
        "phone": checked.phone,
        "email": checked.email,
        "id_type": checked.id_type,
        "id_number_sealed": seal(checked.id_number) if checked.id_number else "",
        "phone_hash": form.phone_hash,
        "email_hash": form.email_hash,
        "id_number_hash": form.id_number_hash,
        "confirmed_hash": form.contact.hash,
        "contact_confirmed_at": form.confirmed_at,
    }


def _consents(walk: Walk, purposes: Collection[str]) -> dict[str, Any]:
    return {"consents": [[purpose, consent_version(walk.scheme)] for purpose in sorted(purposes)]}


def _link_account(walk: Walk, form: Form, user: User | None, *, password: str | None) -> bool:
    """Link the account that signs in by the confirmed contact, opened if there is none; whether that is news.

    A closed one is left alone.
    """
    application, contact = walk.application, form.contact
    if user is None:
        user = open_account(
            name=addressee_of(application),
            phone=contact.to_phone,
            email=contact.to_email,
            password=password,
            language=application.language,
            at=walk.at,
        )
    if not user.is_active or application.user_id == user.pk:
        return False
    application.user = user
    return True


def _hold_serial() -> None:
    serials = NumberSerial.objects.select_for_update()
    if serials.first() is None:
        # Nobody is a member yet: the row must be there to be held.
        NumberSerial.objects.bulk_create([NumberSerial(pk=1)], ignore_conflicts=True)
        serials.first()


def _explained(error: BaseException, draft: Application, tried: Application) -> BaseException:
    """Of two who hand in the same, the later one is led to what the earlier one did."""
    if isinstance(error, IntegrityError) and "applications_one_live" in str(error):
        return live_application_of(tried)
    if isinstance(error, Refusal) and error.code == "already_decided":
        draft.refresh_from_db()
        return already_applied(draft, own=True)
    return error


def _applicant(application: Application) -> str:
    return actor_of(application.user) if application.user else f"applicant {application.reference}"
