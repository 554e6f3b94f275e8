"""What the society's own staff decide: endorse, refuse, and activate where the scheme leaves it to them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.applications.models import Application, StepRecord
from huilian.applications.rules import check_staff_step, check_version, clean_reasons
from huilian.applications.services.changing import change
from huilian.applications.services.stepping import approve, refuse
from huilian.applications.services.walking import Walk, open_walk
from huilian.journal.actors import actor_of
from kit.clean_text import clean_text
from kit.errors import Refusal

Outcome = StepRecord.Outcome


@transaction.atomic
def endorse_application(
    application: Application, *, by_user: User, reason: str = "", version: int | None = None, at: datetime
) -> Application:
    """Decide the step that waits for this society in the applicant's favour; the last of several persons ends it.

    `version` is that of the page on which it was decided. Raises Refusal `forbidden`, `own_application`,
    `recommender_decides` (403), `not_waiting_here`, `already_decided` (409).
    """
    walk = _walk(application, by_user=by_user, version=version, at=at)
    words = clean_text(reason, max_length=2000, field="reason", multiline=True)
    step = application.step
    if _others_are_needed(walk):
        walk.note(Outcome.APPROVED, application.step_index, reason=words)
        change(application)
    else:
        approve(walk, reason=words)
    walk.finish(f"application.{_PAST[step]}", reason=words)
    return application


@transaction.atomic
def refuse_application(
    application: Application, *, by_user: User, reasons: str, version: int | None = None, at: datetime
) -> Application:
    """End an application at the step that waits for this society, with reasons in writing.

    Raises Refusal `reasons_missing`, and those of `endorse_application`.
    """
    walk = _walk(application, by_user=by_user, version=version, at=at)
    words = clean_reasons(reasons)
    refuse(walk, reasons=words)
    walk.finish("application.refused", reason=words, reapply_on=application.reapply_on)
    return application


_PAST = {"endorse": "endorsed", "review": "approved", "activate": "activated"}


def _walk(application: Application, *, by_user: User, version: int | None, at: datetime) -> Walk:
    walk = open_walk(application, by=actor_of(by_user), at=at)
    check_staff_step(application, by_user, on=walk.on)
    check_version(application, version)
    return walk


def _others_are_needed(walk: Walk) -> bool:
    """Whether this approval is not the last; one person counts once."""
    application = walk.application
    persons = walk.category.route[application.step_index].persons
    if persons <= 1:
        return False
    approved = set(
        StepRecord.objects.filter(
            application=application, step_index=application.step_index, outcome=Outcome.APPROVED
        ).values_list("actor", flat=True)
    )
    if walk.by.split(" ")[0] in {actor.split(" ")[0] for actor in approved}:
        raise Refusal(
            "already_approved",
            _("You have approved this application already; a second person must do so as well."),
            status=409,
        )
    return len(approved) + 1 < persons
