"""Questions about letters: what is in the outbox, what waits, what failed."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Min, Q, QuerySet

from huilian.notices.catalogue import Event, Letter
from huilian.notices.models import Notice, Wording
from huilian.notices.roads import is_outbox_only

REWORDED_SECONDS = 60
_REWORDED = "letters:reworded"


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the post of this society stands."""

    queued: int
    failed: int
    oldest_queued_at: datetime | None


def letters() -> QuerySet[Notice]:
    """Every letter of this society, the newest first."""
    return Notice.objects.order_by("-queued_at", "-pk")


def outbox() -> QuerySet[Notice]:
    """The letters that can be read on the outbox page: those of channels that lead nowhere else."""
    return letters().filter(channel__in=[channel for channel in ("email", "sms") if is_outbox_only(channel)])


def has_outbox() -> bool:
    """Tell whether this installation has an outbox page at all."""
    return is_outbox_only("email") or is_outbox_only("sms")


def queue_state() -> QueueState:
    """Count what waits and what failed, for the console and for metrics."""
    queued, failed = Q(state=Notice.State.QUEUED), Q(state=Notice.State.FAILED)
    found = Notice.objects.filter(queued | failed).aggregate(
        queued=Count("pk", filter=queued),
        failed=Count("pk", filter=failed),
        oldest_queued_at=Min("queued_at", filter=queued),
    )
    return QueueState(**found)


def given_up() -> QuerySet[Notice]:
    """The letters that reached nobody, the newest first."""
    return letters().filter(state=Notice.State.FAILED)


def wording_of(event: str, language: str) -> Wording | None:
    """This society's own words for a letter, where it has some."""
    return Wording.objects.filter(event=event, language=language).first()


def letter_of(event: Event, language: str) -> Letter:
    """A letter as this society words it: no query for usual words, one for its own.

    A process with a cache of its own learns of another one's change within `REWORDED_SECONDS`.
    """
    own = wording_of(event.name, language) if (event.name, language) in _lately_reworded() else None
    usual = event.letter(language)
    if own is None:
        return usual
    return Letter(own.subject or usual.subject, own.email or usual.email, own.sms or usual.sms)


def reworded() -> set[tuple[str, str]]:
    """Event and language of every letter that this society words itself."""
    return set(Wording.objects.values_list("event", "language"))


def look_again_for_rewording() -> None:
    """To be called when words were changed, and again when that is committed."""
    cache.delete(_REWORDED)


def _lately_reworded() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] | None = cache.get(_REWORDED)
    if found is None:
        found = reworded()
        cache.set(_REWORDED, found, REWORDED_SECONDS)
    return found
