"""A changed phone or e-mail: the account, the member and every application under way change together."""

from datetime import datetime

from django.db import IntegrityError, transaction

from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import User
from huilian.accounts.services import change_contact, prove_new_contact
from huilian.accounts.services.renaming import Renaming
from huilian.applications.answers import EMAIL_FIELDS, PHONE_FIELDS
from huilian.applications.models import Application
from huilian.applications.refusals import contact_in_use
from huilian.applications.services.changing import change
from huilian.applications.services.reporting import report
from huilian.journal.actors import actor_of
from huilian.members.services import members_reached, move_contact

_FIELDS = {"phone": PHONE_FIELDS, "email": EMAIL_FIELDS}


def change_own_contact(user: User, contact: str, code: str, *, at: datetime) -> Renaming:
    """Sign in, and be written to, by another phone or e-mail that a code proves.

    Refusals of `check_code`, and `contact_taken` where somebody else signs in or applies by it. Not to be called
    inside a transaction: a wrong code must be counted.
    """
    new = prove_new_contact(user, contact, code, at=at)
    with transaction.atomic():
        # Rows first, the journal last: the same order as wherever else applications and members change.
        applications = _under_way(user)
        members = members_reached(user.pk, new.kind, str(getattr(user, new.kind) or ""))
        renaming = change_contact(user, new, at=at)
        for application in applications:
            _move_application(application, renaming)
        move_contact(members, new, old=renaming.old, codes=_FIELDS[new.kind], by=actor_of(user), at=at)
    return renaming


def _under_way(user: User) -> list[Application]:
    live = Application.objects.select_for_update().filter(user=user, state=Application.State.IN_PROGRESS)
    return list(live.order_by("pk"))


def _move_application(application: Application, renaming: Renaming) -> None:
    new, old = renaming.new, renaming.old
    written_to = str(getattr(application, new.kind))
    if written_to and written_to.lower() != old.lower():
        return  # it names somebody else's, such as the office of an institution
    columns: dict[str, object] = {new.kind: new.address, f"{new.kind}_hash": new.hash}
    if old and application.confirmed_hash == contact_hash(new.kind, old):
        columns["confirmed_hash"] = new.hash
    answers = dict(application.answers)
    for code in _FIELDS[new.kind][application.kind]:
        if str(answers.get(code, "")).lower() == written_to.lower() and code in answers:
            answers[code] = new.address
    try:
        with transaction.atomic():
            change(application, answers=answers, **columns)
    except IntegrityError as error:
        raise contact_in_use() from error
    report(application)
