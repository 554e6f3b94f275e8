"""A letter that was given up is sent once more, because somebody asked for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.journal.services import record
from huilian.notices.catalogue import EVENTS
from huilian.notices.models import Notice
from huilian.notices.services.telling import send_soon
from kit.errors import Refusal


@transaction.atomic
def send_again(notice: Notice, *, by: str, at: datetime) -> None:
    """Queue a failed letter anew, with all its attempts; Refusal `letter_not_failed`, `letter_forgotten` (409)."""
    described = EVENTS.get(notice.event)
    if described is None or described.secret:
        raise Refusal(
            "letter_forgotten",
            _("What this letter held was secret and is forgotten. Let the person ask for a new one."),
            status=409,
        )
    failed = Notice.objects.filter(pk=notice.pk, state=Notice.State.FAILED)
    if not failed.update(state=Notice.State.QUEUED, attempts=0, queued_at=at, error=""):
        raise Refusal("letter_not_failed", _("This letter is under way, or has arrived already."), status=409)
    notice.refresh_from_db()
    record("letter.sent_again", notice, by=by, at=at, event=notice.event, channel=notice.channel)
    send_soon()
