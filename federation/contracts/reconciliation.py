"""Proving that headquarters equals the sum of its societies."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from federation.contracts.base import Contract


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
