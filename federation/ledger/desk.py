"""The approvals desk: claim a case, decide it, let it go."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from federation.contracts import VerdictGiven
from federation.ledger.models import Case, Decision
from federation.outbox import publish
from kit.errors import Refusal

APPROVED, REFUSED = "approved", "refused"


def claim_case(case: Case, *, by: str, at: datetime) -> None:
    """Take a case on, so that others leave it; claiming one's own again changes nothing."""
    taken = Case.objects.filter(Q(claimed_by="") | Q(claimed_by=by), pk=case.pk, state=Case.State.OPEN).update(
        claimed_by=by, claimed_at=at
    )
    if not taken:
        raise Refusal("case_taken", _("Somebody else has this case, or it is decided."), status=409)


def release_case(case: Case, *, by: str) -> None:
    Case.objects.filter(pk=case.pk, claimed_by=by, state=Case.State.OPEN).update(claimed_by="", claimed_at=None)


@transaction.atomic
def decide_case(
    case: Case, *, outcome: str, reasons: str, by: str, by_name: str, at: datetime, member_number: str = ""
) -> Case:
    """Give a verdict. Where the scheme wants several persons, the last approval or any refusal ends the case."""
    _check_decision(case, outcome=outcome, reasons=reasons, by=by, member_number=member_number)
    try:
        with transaction.atomic():
            Decision.objects.create(
                case=case, officer=by, officer_name=by_name, outcome=outcome, reasons=reasons.strip(), at=at
            )
    except IntegrityError:
        raise Refusal("already_decided", _("You have decided this case already."), status=409) from None
    approvals = Decision.objects.filter(case=case, outcome=APPROVED).count()
    final = outcome == REFUSED or approvals >= case.persons
    changes = {"state": Case.State.DECIDED, "outcome": outcome, "decided_at": at} if final else {"claimed_by": ""}
    won = Case.objects.filter(pk=case.pk, state=Case.State.OPEN, version=case.version).update(
        version=F("version") + 1, **changes
    )
    if not won:
        raise Refusal("already_decided", _("Another officer was faster: look at the case again."), status=409)
    case.refresh_from_db()
    if final:
        give_verdict(case)
    return case


def give_verdict(case: Case) -> None:
    """Tell the society how its case was decided, with the reasons of the decision that ended it."""
    last = case.decisions.filter(outcome=case.outcome).latest("id")
    publish(
        VerdictGiven(
            application_id=case.application_id,
            step_index=case.step_index,
            outcome=case.outcome,
            reasons=last.reasons,
            decided_at=last.at,
        ),
        to=case.society,
    )


def _check_decision(case: Case, *, outcome: str, reasons: str, by: str, member_number: str) -> None:
    if outcome not in (APPROVED, REFUSED):
        raise Refusal("unknown_outcome", _("Decide approved or refused."), field="outcome")
    if outcome == REFUSED and not reasons.strip():
        raise Refusal("reasons_needed", _("A refusal is given in writing, with reasons."), field="reasons")
    if case.state != Case.State.OPEN:
        raise Refusal("already_decided", _("This case is not open any more."), status=409)
    if case.claimed_by not in ("", by):
        raise Refusal("case_taken", _("Somebody else has taken this case on."), status=409)
    if member_number and member_number == case.recommender_number:
        raise Refusal(
            "recommender_decides", _("Who recommended an applicant cannot decide the application."), status=403
        )
