"""Handling what arrived: each message once, with its effect and its mark in one transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from federation.addresses import society_at
from federation.codec import decode
from federation.faults import describe, is_passing
from federation.models import InboxHead, InboxMessage
from federation.reactions import Received, bind, reaction_to
from kit import clock
from tenants.context import current

__all__ = ["bind", "handle_waiting"]

log = logging.getLogger(__name__)

BATCH = 250
MAX_ATTEMPTS = 10

Thread = tuple[str, str]  # (sender, subject): messages of one thread are handled in order
State = InboxMessage.State


def handle_waiting(limit: int = 500) -> int:
    """Handle what waits in this society, at most `limit`; returns how many. At once 0 if another is at it.

    Each look for more comes after the lock was given back: whoever found it taken may rely on this loop to
    see the message that called it.
    """
    handled = 0
    put_off: set[Thread] = set()
    while handled < limit and _next(put_off).exists():
        done = _handle_batch(min(BATCH, limit - handled), put_off)
        if done is not None:
            handled += done
        elif not InboxHead.objects.get_or_create(pk=1)[1]:
            break  # the row to be locked was there, so somebody else holds it
    return handled


def _next(put_off: set[Thread]) -> QuerySet[InboxMessage]:
    """What may be handled now, oldest first: nothing of a thread that has a parked message or was put off."""
    parked = InboxMessage.objects.filter(state=State.PARKED, sender=OuterRef("sender"), subject=OuterRef("subject"))
    waiting = InboxMessage.objects.filter(~Exists(parked), state=State.WAITING)
    for sender, subject in put_off:
        waiting = waiting.exclude(Q(sender=sender, subject=subject))
    return waiting.order_by("id")


def _handle_batch(size: int, put_off: set[Thread]) -> int | None:
    """Handle up to `size` messages in one transaction, or each in its own if one fails; None if locked."""
    batch: list[InboxMessage] = []
    try:
        with transaction.atomic():
            if not _take_lock():
                return None
            batch = list(_next(put_off)[:size])
            _carry_out(batch)
            return len(batch)
    except Exception as error:
        if not batch:
            raise
        if len(batch) == 1:
            _note_failure(batch[0], error, put_off)
            return 0
        log.info("a batch of %s messages failed and is handled one by one: %s", len(batch), describe(error))
    return _handle_singly(batch, put_off)


def _handle_singly(batch: Sequence[InboxMessage], put_off: set[Thread]) -> int | None:
    handled = 0
    failed: set[Thread] = set()
    for message in batch:
        if (message.sender, message.subject) in failed:
            continue
        try:
            with transaction.atomic():
                if not _take_lock():
                    return None if handled == 0 else handled
                if not InboxMessage.objects.filter(pk=message.pk, state=State.WAITING).exists():
                    continue
                _carry_out([message])
        except Exception as error:
            failed.add((message.sender, message.subject))
            _note_failure(message, error, put_off)
        else:
            handled += 1
    return handled


def _carry_out(batch: Sequence[InboxMessage]) -> None:
    now = clock.now()
    for name, run in groupby(batch, key=lambda message: message.type):
        _react(name, list(run), now)
    InboxMessage.objects.filter(pk__in=[message.pk for message in batch]).update(
        state=State.HANDLED, handled_at=now, error=""
    )


def _react(name: str, messages: Sequence[InboxMessage], at: datetime) -> None:
    reaction = reaction_to(name)
    receiver = current()
    received: list[Received] = []
    for message in messages:
        reaction.check_ends(sender=society_at(message.sender), receiver=receiver)
        received.append((decode(message.type, message.version, message.payload), message.sender, at))
    if reaction.many is not None:
        reaction.many(received)
    else:
        for each in received:
            reaction.one(*each)


def _take_lock() -> bool:
    """Be the one handler at work here until the end of the transaction; False if another one is."""
    return InboxHead.objects.select_for_update(skip_locked=True).filter(pk=1).first() is not None


def _note_failure(message: InboxMessage, error: Exception, put_off: set[Thread]) -> None:
    """Put the message off until the next round, or park it; messages of other threads go on."""
    last = not is_passing(error) or message.attempts + 1 >= MAX_ATTEMPTS
    fault, fate = describe(error), "parked" if last else "put off"
    log.error("message %s (%s) %s: %s", message.message_id, message.type, fate, fault)
    if not last:
        put_off.add((message.sender, message.subject))
    InboxMessage.objects.filter(pk=message.pk, state=State.WAITING).update(
        state=State.PARKED if last else State.WAITING, attempts=F("attempts") + 1, error=fault
    )
