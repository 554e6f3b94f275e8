"""A society to headquarters."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from federation.contracts.base import Contract


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
    changed_at: datetime | None = None  # when this version came to be; older senders do not say

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
        # One account's messages wait for each other only: a parked one holds back nobody else's.
        return f"account:{self.name_hashes[0][:40] if self.name_hashes else ''}"


@dataclass(frozen=True, kw_only=True)
class AccountRenamed(Contract):
    """An account with us is signed in to by other names: these came, and those lead here no more."""

    name = "account.renamed"
    gone_hashes: tuple[str, ...]
    name_hashes: tuple[str, ...]

    @property
    def subject(self) -> str:
        # After the message that opened the account by the name which goes now.
        return f"account:{(self.gone_hashes or self.name_hashes)[0][:40]}"
