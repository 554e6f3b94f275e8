"""Headquarters to a society."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from federation.contracts.base import Contract


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
