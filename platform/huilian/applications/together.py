"""Several cases approved at once, where the scheme lets students' be: each in a transaction of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from federation.ledger.desk import APPROVED
from federation.ledger.models import Case
from huilian.accounts.models import User
from huilian.accounts.rules import require
from huilian.applications.deciding import decide_case
from huilian.schemes.queries import scheme_version
from kit.errors import Refusal

MOST = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one case; `problem` says why it was not approved."""

    case: Case
    problem: str | Promise = ""


def may_go_together(case: Case) -> bool:
    """Whether the scheme by which the applicant came lets this step be approved for several at once."""
    try:
        scheme = scheme_version(case.scheme_version)
    except Refusal:
        return False
    category = next((each for each in scheme.categories if each.code == case.category), None)
    if category is None or case.step_index >= len(category.route):
        return False
    step = category.route[case.step_index]
    return step.together and step.kind == case.step and case.persons == 1


def approve_together(wishes: Sequence[tuple[UUID, int]], *, by_user: User, at: datetime) -> list[Verdict]:
    """Approve cases, each given with the version that the officer saw; what cannot be is told and holds up nobody.

    To be called outside a transaction. Raises Refusal `forbidden`, `nothing_chosen` or `too_many_cases`.
    """
    require(by_user, "case.decide")
    if not wishes:
        raise Refusal("nothing_chosen", _("Choose the cases to approve first."))
    if len(wishes) > MOST:
        raise Refusal("too_many_cases", _("At most %(most)s cases are approved at once."), most=MOST)
    cases = Case.objects.in_bulk([pk for pk, _version in wishes])
    return [_approve(cases[pk], version, by_user, at) for pk, version in dict(wishes).items() if pk in cases]


def _approve(case: Case, version: int, by_user: User, at: datetime) -> Verdict:
    try:
        if not may_go_together(case):
            raise Refusal("one_by_one", _("Cases of this route are decided one by one."))
        decide_case(case, outcome=APPROVED, reasons="", by_user=by_user, at=at, version=version)
    except Refusal as refusal:
        return Verdict(case, str(refusal))
    return Verdict(case)
