"""A society that came under another number: who waited for an answer to the old one asks again under the new."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from huilian.applications.models import Application, StepRecord
from huilian.applications.route import MONEY, Stop, index_of
from huilian.applications.services.cases import request_case
from huilian.applications.services.changing import change
from huilian.applications.services.stepping import enter
from huilian.applications.services.walking import Walk, open_walk

NO_BILL = {
    "bill_id": None,
    "bill_number": "",
    "bill_state": "",
    "bill_years": 1,
    "bill_amount_minor": None,
    "bill_version": 0,
}


@transaction.atomic
def ask_again(*, renumbered: Mapping[str, str], by: str, at: datetime) -> int:
    """Put cases on headquarters' desk and ask for bills anew; says how many. `renumbered`: old member number → new.

    Applications are reported by the caller, all of them.
    """
    asked = 0
    for application in Application.objects.filter(state=Application.State.IN_PROGRESS).order_by("submitted_at", "pk"):
        if application.recommender_number in renumbered:
            # Who recommends may not endorse or decide, and is told by the number.
            change(application, recommender_number=renumbered[application.recommender_number])
        asked += _ask(open_walk(application, by=by, at=at))
    return asked


def _ask(walk: Walk) -> bool:
    application = walk.application
    step = walk.category.route[application.step_index]
    if application.step in MONEY:
        # The bill that was sent names the old number: the applicant is sent another.
        enter(walk, walk.move(after=index_of(walk.category, "pay") - 1, **NO_BILL))
        walk.finish("application.asked_again")
        return True
    stop = Stop(application.step_index, step)
    if stop.waits_for_staff and step.actor == "headquarters":
        notes = list(StepRecord.objects.filter(application=application))
        request_case(application, stop, notes)
        walk.finish("application.asked_again")
        return True
    return False
