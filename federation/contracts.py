"""Every message that crosses a border: frozen, versioned, with the least personal data that does the work.

A message type is `name` and `version`; the payload is the dataclass as JSON (dates and times as ISO 8601, ids as
text). Fields are only ever added, with a default; a change of meaning is a new version.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A message's content. `subject` is what it is about: messages on one subject are handled in order."""

    name: ClassVar[str]
    version: ClassVar[int] = 1

    @property
    def subject(self) -> str:
        raise NotImplementedError


# -- headquarters to a society -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SocietyOpened(Contract):
    """You exist: your first administrator is to be invited."""

    name = "society.opened"
    owner_name: str
    owner_phone: str = ""
    owner_email: str = ""
    reason: str = ""

    @property
    def subject(self) -> str:
        return "society"


@dataclass(frozen=True, kw_only=True)
class SchemePublished(Contract):
    """The federation's scheme from `effective_on` on; `document` is its canonical JSON."""

    name = "scheme.published"
    key: str
    number: int
    effective_on: date
    document: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"scheme:{self.key}"


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Contract):
    """Headquarters decided a case of yours. `outcome` is approved or refused; a refusal has reasons."""

    name = "verdict.given"
    application_id: UUID
    step_index: int
    outcome: str
    reasons: str
    decided_at: datetime

    @property
    def subject(self) -> str:
        return f"application:{self.application_id}"


# -- the payee to the member's society -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BillReported(Contract):
    """A bill you asked for as it stands: open, reported (voucher received), settled or cancelled."""

    name = "bill.reported"
    application_id: UUID | None
    member_id: UUID | None
    bill_id: UUID
    number: str
    state: str
    years: int
    amount_minor: int
    currency: str
    reason: str  # why a voucher was rejected or the bill cancelled
    at: datetime
    bill_version: int

    @property
    def subject(self) -> str:
        return f"application:{self.application_id or self.member_id}"


# -- a society to its payee ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DuesRequested(Contract):
    """Someone of ours owes you dues: open a bill. Asked again for the same application, it is the same bill."""

    name = "dues.requested"
    application_id: UUID | None
    member_id: UUID | None
    payer_name: str
    category: str
    unit_minor: int
    currency: str
    max_years: int
    dues_resolution: str
    scheme_version: int
    due_on: date | None

    @property
    def subject(self) -> str:
        return f"application:{self.application_id or self.member_id}"


@dataclass(frozen=True, kw_only=True)
class DuesWithdrawn(Contract):
    """The application ended unpaid: cancel the bill if it is still open."""

    name = "dues.withdrawn"
    application_id: UUID
    reason: str

    @property
    def subject(self) -> str:
        return f"application:{self.application_id}"


# -- a society to headquarters -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CaseRequested(Contract):
    """A step that is yours to decide, with the dossier; the papers stay with us and are opened by ticket."""

    name = "case.requested"
    application_id: UUID
    step_index: int
    step: str
    persons: int
    reference: str
    applicant: str
    kind: str
    category: str
    channel: str
    recommender_number: str
    scheme_version: int
    due_on: date | None
    dossier: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"application:{self.application_id}"


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Contract):
    """The application was withdrawn or expired before you decided."""

    name = "case.closed"
    application_id: UUID
    reason: str

    @property
    def subject(self) -> str:
        return f"application:{self.application_id}"


@dataclass(frozen=True, kw_only=True)
class ApplicationReported(Contract):
    """An application as it stands; the highest `row_version` wins."""

    name = "application.reported"
    application_id: UUID
    reference: str
    kind: str
    category: str
    state: str
    step: str
    step_due_on: date | None
    channel: str
    referral_code: str
    phone_hash: str
    email_hash: str
    id_number_hash: str
    submitted_at: datetime
    ended_at: datetime | None
    reapply_on: date | None
    row_version: int

    @property
    def subject(self) -> str:
        return f"application:{self.application_id}"


@dataclass(frozen=True, kw_only=True)
class MemberReported(Contract):
    """A member as it stands; the highest `row_version` wins."""

    name = "member.reported"
    member_id: UUID
    number: str
    kind: str
    category: str
    state: str
    member_name: str
    sort_key: str
    channel: str
    referral_code: str
    phone_hash: str
    email_hash: str
    id_number_hash: str
    joined_on: date
    from_on: date
    to_on: date | None
    row_version: int

    @property
    def subject(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True, kw_only=True)
class FeeReported(Contract):
    """A bill of ours as it stands, for the federation's fee book; the highest `row_version` wins."""

    name = "fee.reported"
    bill_id: UUID
    society: str
    number: str
    category: str
    years: int
    amount_minor: int
    currency: str
    state: str
    opened_at: datetime
    settled_at: datetime | None
    row_version: int

    @property
    def subject(self) -> str:
        return f"bill:{self.bill_id}"


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Contract):
    """Whoever signs in with these names has an account with us."""

    name = "account.opened"
    name_hashes: tuple[str, ...]

    @property
    def subject(self) -> str:
        return "accounts"


# -- reconciliation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StatementRequested(Contract):
    """State your counts, sums and digests; with `buckets`, also name the rows in those buckets of an aggregate."""

    name = "statement.requested"
    reconciliation_id: int
    aggregate: str = ""
    buckets: tuple[int, ...] = ()

    @property
    def subject(self) -> str:
        return "statement"


@dataclass(frozen=True, kw_only=True)
class StatementGiven(Contract):
    """Our own books at this point of the message order.

    `aggregates`: name -> {count, amount_minor, buckets: [64 digests]}; `rows`: name -> [[id, version, digest]].
    """

    name = "statement.given"
    reconciliation_id: int
    aggregates: dict[str, Any]
    rows: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return "statement"


@dataclass(frozen=True, kw_only=True)
class ReplayRequested(Contract):
    """Report these rows of an aggregate (members, applications, fees) again; ids you do not know, report as gone."""

    name = "replay.requested"
    aggregate: str
    ids: tuple[UUID, ...]

    @property
    def subject(self) -> str:
        return f"replay:{self.aggregate}"


@dataclass(frozen=True, kw_only=True)
class RowsGone(Contract):
    """These rows are not in our books: headquarters drops them from its projection."""

    name = "rows.gone"
    aggregate: str
    ids: tuple[UUID, ...]

    @property
    def subject(self) -> str:
        return f"replay:{self.aggregate}"


CONTRACTS: dict[str, type[Contract]] = {
    contract.name: contract
    for contract in (
        SocietyOpened,
        SchemePublished,
        VerdictGiven,
        BillReported,
        DuesRequested,
        DuesWithdrawn,
        CaseRequested,
        CaseClosed,
        ApplicationReported,
        MemberReported,
        FeeReported,
        AccountOpened,
        StatementRequested,
        StatementGiven,
        ReplayRequested,
        RowsGone,
    )
}
