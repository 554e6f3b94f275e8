"""Sending what is queued: at least once, and at most by one worker at a time."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q

from huilian.notices.catalogue import EVENTS
from huilian.notices.html import html_letter
from huilian.notices.models import Notice
from huilian.notices.roads import is_outbox_only
from huilian.notices.sms import Sms, Unsendable, sms_transport

log = logging.getLogger(__name__)

# How long after it was queued a letter is tried for the n-th time; after the last it has failed.
TRIED_AFTER = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 15, 60, 180, 480, 1440))
FORGOTTEN = "—"


def send_waiting(*, at: datetime, limit: int = 200) -> int:
    """Send the letters of this society that are due, the oldest first; returns how many left."""
    due = list(Notice.objects.filter(_due(at)).order_by("queued_at").values_list("pk", flat=True)[:limit])
    return sum(_send_one(pk, at=at) for pk in due)


@transaction.atomic
def _send_one(pk: UUID, *, at: datetime) -> bool:
    # Locked while under way: another worker passes the row by, and a killed one leaves it queued.
    notice = Notice.objects.select_for_update(skip_locked=True).filter(_due(at), pk=pk).first()
    if notice is None:
        return False
    stale_after = EVENTS[notice.event].stale_after if notice.event in EVENTS else None
    if stale_after is not None and at >= notice.queued_at + stale_after:
        _record(notice, state=Notice.State.FAILED, error="too late: it would help nobody any more")
        return False
    notice.attempts += 1
    try:
        _hand_over(notice)
    except Exception as error:
        last = notice.attempts >= len(TRIED_AFTER) or isinstance(error, Unsendable)
        log.warning("notice %s not sent, attempt %s: %s", notice.pk, notice.attempts, type(error).__name__)
        _record(
            notice,
            state=Notice.State.FAILED if last else Notice.State.QUEUED,
            error=f"{type(error).__name__}: {error}",
        )
        return False
    notice.sent_at = at
    if _is_secret(notice) and not is_outbox_only(notice.channel):
        _forget(notice)
    _record(notice, state=Notice.State.SENT, error="")
    return True


def _hand_over(notice: Notice) -> None:
    if notice.channel == "sms":
        sms_transport().send(
            Sms(
                phone=notice.address,
                text=notice.body,
                reference=str(notice.pk),
                event=notice.event,
                language=notice.language,
                words=notice.words,
            )
        )
        return
    message = EmailMultiAlternatives(notice.subject, notice.body, to=[notice.address], connection=get_connection())
    message.attach_alternative(html_letter(notice.subject, notice.body, notice.language), "text/html")
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    if message.send() != 1:
        raise RuntimeError("the mail backend accepted no message")


def _record(notice: Notice, *, state: Notice.State, error: str) -> None:
    if state == Notice.State.FAILED and _is_secret(notice):
        _forget(notice)
    notice.state = state
    notice.error = error.replace("\x00", "")[:200]
    notice.save(update_fields=["state", "attempts", "error", "sent_at", "body", "words"])


def _is_secret(notice: Notice) -> bool:
    return notice.event in EVENTS and EVENTS[notice.event].secret


def _forget(notice: Notice) -> None:
    notice.body, notice.words = FORGOTTEN, {}


def _due(at: datetime) -> Q:
    due = Q()
    for attempts, delay in enumerate(TRIED_AFTER):
        due |= Q(attempts=attempts, queued_at__lte=at - delay)
    return due & Q(state=Notice.State.QUEUED)
