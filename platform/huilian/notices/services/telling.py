"""Queueing a letter in the transaction of the change that causes it."""

from datetime import datetime

from django.utils.module_loading import import_string

from federation.tasks import kick
from huilian.notices.catalogue import EVENTS
from huilian.notices.models import Notice
from huilian.notices.queries import letter_of
from huilian.notices.rendering import language_of, render
from tenants.context import current, on_commit


def notify(
    event: str, *, to_phone: str = "", to_email: str = "", language: str, at: datetime, **facts: object
) -> list[Notice]:
    """Tell of `event` by every road given, in the reader's language; the letters leave after the commit.

    `facts` are those the catalogue asks for (`catalogue.EVENTS[event].needs` and `.may_have`), plus `link` if
    a better page than the reader's own is meant.
    """
    roads = [(channel, address) for channel, address in (("email", to_email), ("sms", to_phone)) if address]
    notices = []
    worded = letter_of(EVENTS[event], language_of(language)) if roads else None
    for channel, address in roads:
        letter = render(event, channel, language, facts, letter=worded)
        notices.append(
            Notice(
                event=event,
                channel=channel,
                address=address,
                language=language,
                subject=letter.subject,
                body=letter.body,
                words=dict(letter.words) if channel == "sms" else {},
                queued_at=at,
            )
        )
    if notices:
        Notice.objects.bulk_create(notices)
        send_soon()
    return notices


def send_soon() -> None:
    """Let a worker send what is queued, once the change is committed."""
    on_commit(_kick)


def _kick() -> None:
    # By name: the task stands above the services of this room and calls them.
    kick(import_string("huilian.notices.tasks.send_queued"), current().schema_name)
