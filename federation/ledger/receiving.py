"""What headquarters does with each message from a society."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from federation.contracts import (
    AccountOpened,
    AccountRenamed,
    ApplicationReported,
    CaseClosed,
    CaseRequested,
    FeeReported,
    MemberReported,
    RowsGone,
)
from federation.ledger.desk import give_verdict
from federation.ledger.models import Case, SignInName
from federation.ledger.projecting import APPLICATIONS, FEES, MEMBERS, PROJECTIONS, Projection


def _bulk(projection: Projection[Any]) -> Callable[[Sequence[Any]], Any]:
    """The bulk form that the inbox may use for several messages of one type."""
    return projection.apply


def receive_member(report: MemberReported, sender: str, at: datetime) -> None:
    MEMBERS.apply([(report, sender, at)])


def receive_application(report: ApplicationReported, sender: str, at: datetime) -> None:
    APPLICATIONS.apply([(report, sender, at)])


def receive_fee(report: FeeReported, sender: str, at: datetime) -> None:
    FEES.apply([(report, sender, at)])


receive_member.many = _bulk(MEMBERS)  # type: ignore[attr-defined]
receive_application.many = _bulk(APPLICATIONS)  # type: ignore[attr-defined]
receive_fee.many = _bulk(FEES)  # type: ignore[attr-defined]


def receive_rows_gone(message: RowsGone, sender: str, at: datetime) -> None:
    PROJECTIONS[message.aggregate].drop(sender, message.ids, at=at)


def receive_case(message: CaseRequested, sender: str, at: datetime) -> None:
    """Put a case on the approvals desk.

    Who asks again has come back from a backup and forgotten: a decided case is told again, a closed one reopened.
    """
    case, new = Case.objects.get_or_create(
        society=sender,
        application_id=message.application_id,
        step_index=message.step_index,
        defaults={
            "step": message.step,
            "persons": message.persons,
            "reference": message.reference,
            "name": message.applicant,
            "kind": message.kind,
            "category": message.category,
            "channel": message.channel,
            "recommender_number": message.recommender_number,
            "dossier": message.dossier,
            "scheme_version": message.scheme_version,
            "opened_at": at,
            "due_on": message.due_on,
        },
    )
    if new:
        return
    if case.state == Case.State.DECIDED:
        give_verdict(case)
    else:
        Case.objects.filter(pk=case.pk, state=Case.State.CLOSED).update(
            state=Case.State.OPEN, decided_at=None, claimed_by="", claimed_at=None, version=F("version") + 1
        )


def receive_case_closed(message: CaseClosed, sender: str, at: datetime) -> None:
    Case.objects.filter(society=sender, application_id=message.application_id, state=Case.State.OPEN).update(
        state=Case.State.CLOSED, decided_at=at
    )


def receive_account(message: AccountOpened, sender: str, at: datetime) -> None:
    _note_names(message.name_hashes, sender, at)


def receive_account_renamed(message: AccountRenamed, sender: str, at: datetime) -> None:
    """The names that went lead to the sender no more; what they mean in another society stays."""
    SignInName.objects.filter(society=sender, name_hash__in=message.gone_hashes).delete()
    _note_names(message.name_hashes, sender, at)


def _note_names(name_hashes: tuple[str, ...], sender: str, at: datetime) -> None:
    SignInName.objects.bulk_create(
        [SignInName(name_hash=name, society=sender, opened_at=at) for name in name_hashes],
        ignore_conflicts=True,
    )
