"""Between a society and the legal person that its members owe."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from federation.contracts.base import Contract


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
