"""How the border stands: in one society by its own tables, in the federation by the relay's survey."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from federation.models import InboxMessage, OutboxMessage
from federation.relay import Lag, survey
from tenants import registry

__all__ = ["BorderHealth", "Lag", "border_health", "federation_health", "parked_messages"]

State = InboxMessage.State


@dataclass(frozen=True, slots=True)
class BorderHealth:
    """One society's border: what has not left, what waits, what is parked."""

    undelivered: int
    undelivered_since: datetime | None
    undeliverable: int  # addressed to a society that does not exist
    waiting: int
    waiting_since: datetime | None
    parked: int

    def delay(self, at: datetime) -> float:
        """Seconds that the oldest message has been on its way or waiting."""
        since = [moment for moment in (self.undelivered_since, self.waiting_since) if moment is not None]
        return max(0.0, (at - min(since)).total_seconds()) if since else 0.0


def border_health() -> BorderHealth:
    """The border of the current society, in two queries."""
    known = list(registry.street_map().by_number)
    outgoing = OutboxMessage.objects.filter(delivered_at=None).aggregate(
        undelivered=Count("pk"),
        undelivered_since=Min("occurred_at"),
        undeliverable=Count("pk", ~Q(receiver__in=known)),
    )
    incoming = InboxMessage.objects.filter(state__in=(State.WAITING, State.PARKED)).aggregate(
        waiting=Count("pk", Q(state=State.WAITING)),
        waiting_since=Min("received_at", filter=Q(state=State.WAITING)),
        parked=Count("pk", Q(state=State.PARKED)),
    )
    return BorderHealth(**outgoing, **incoming)


def parked_messages() -> QuerySet[InboxMessage]:
    """The parked messages of the current society, oldest first; the caller pages."""
    return InboxMessage.objects.filter(state=State.PARKED).defer("payload").order_by("id")


def federation_health() -> list[Lag]:
    """Every society's lag, by number: counts and ages, read by the relay's login."""
    return survey()
