"""The applicant's own way out, at any point before membership."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.applications.models import Application, StepRecord
from huilian.applications.services.telling import tell
from huilian.applications.services.walking import open_walk
from kit.errors import Refusal


@transaction.atomic
def withdraw_application(application: Application, *, by: str, at: datetime) -> Application:
    """Take an application back; whoever waits for it or for its dues elsewhere is told.

    Raises Refusal `not_under_way` (it has ended, or is a draft: see `withdraw_draft`) or `already_decided`, 409.
    """
    if application.state != Application.State.IN_PROGRESS:
        raise Refusal(
            "not_under_way",
            _("Application %(reference)s is not under way and cannot be withdrawn."),
            status=409,
            reference=application.reference,
        )
    walk = open_walk(application, by=by, at=at)
    walk.end(Application.State.WITHDRAWN, StepRecord.Outcome.WITHDRAWN)
    tell("application.withdrawn", walk)
    walk.finish("application.withdrawn")
    return application
