"""Every message that crosses a border: frozen, versioned, with the least personal data that does the work.

A message type is `name` and `version`; the payload is the dataclass as JSON (dates and times as ISO 8601, ids as
text). Fields are only ever added, with a default; a change of meaning is a new version.
"""

from federation.contracts.base import Contract
from federation.contracts.dues import BillReported, DuesRequested, DuesWithdrawn
from federation.contracts.guidance import SchemePublished, SocietyOpened, VerdictGiven
from federation.contracts.reconciliation import ReplayRequested, RowsGone, StatementGiven, StatementRequested
from federation.contracts.reports import (
    AccountOpened,
    AccountRenamed,
    ApplicationReported,
    CaseClosed,
    CaseRequested,
    FeeReported,
    MemberReported,
)

__all__ = [
    "CONTRACTS",
    "AccountOpened",
    "AccountRenamed",
    "ApplicationReported",
    "BillReported",
    "CaseClosed",
    "CaseRequested",
    "Contract",
    "DuesRequested",
    "DuesWithdrawn",
    "FeeReported",
    "MemberReported",
    "ReplayRequested",
    "RowsGone",
    "SchemePublished",
    "SocietyOpened",
    "StatementGiven",
    "StatementRequested",
    "VerdictGiven",
]

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
        AccountRenamed,
        StatementRequested,
        StatementGiven,
        ReplayRequested,
        RowsGone,
    )
}
