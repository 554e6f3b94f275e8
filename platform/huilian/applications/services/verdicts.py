"""Headquarters' verdicts, received once and acted upon if they still concern anyone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import VerdictGiven
from huilian.applications.models import Application
from huilian.applications.services.changing import locked
from huilian.applications.services.stepping import approve, refuse
from huilian.applications.services.walking import open_walk
from huilian.journal.actors import headquarters_actor
from huilian.journal.services import record
from kit.errors import Refusal
from tenants.kinds import HEADQUARTERS_NUMBER

_APPROVED, _REFUSED = "approved", "refused"


@transaction.atomic
def receive_verdict(message: VerdictGiven, *, sender: str = HEADQUARTERS_NUMBER, at: datetime) -> Application | None:
    """Go on, or end with reasons. A verdict on a step that is past, or on an application that ended, is noted only.

    Raises Refusal `not_theirs_to_say`, `unknown_application` or `unknown_outcome`.
    """
    if sender != HEADQUARTERS_NUMBER:
        raise Refusal("not_theirs_to_say", _("Verdicts come from headquarters only."), status=403)
    if message.outcome not in (_APPROVED, _REFUSED):
        raise Refusal("unknown_outcome", _("A verdict is approved or refused."), outcome=message.outcome)
    application = locked(message.application_id)
    by = headquarters_actor("verdict")
    if not _waits_for(application, message.step_index):
        record(
            "verdict.ignored",
            application,
            by=by,
            at=at,
            outcome=message.outcome,
            step_index=message.step_index,
            state=application.state,
            stands_at=application.step_index,
        )
        return None
    walk = open_walk(application, by=by, at=at)
    if message.outcome == _APPROVED:
        approve(walk, reason=message.reasons, decided_at=message.decided_at)
        walk.finish("application.approved", reason=message.reasons, decided_at=message.decided_at)
    else:
        refuse(walk, reasons=message.reasons)
        walk.finish(
            "application.refused",
            reason=message.reasons,
            decided_at=message.decided_at,
            reapply_on=application.reapply_on,
        )
    return application


def _waits_for(application: Application, step_index: int) -> bool:
    return (
        application.state == Application.State.IN_PROGRESS
        and application.step_index == step_index
        and application.step_actor == "headquarters"
        and application.step != "confirm"
    )
