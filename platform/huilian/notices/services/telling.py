"""Queueing a letter in the transaction of the change that causes it."""

from datetime import datetime

from django.utils.module_loading import import_string

from federation.tasks import kick
from huilian.notices.models import Notice
from huilian.notices.rendering import render
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
    for channel, address in roads:
        letter = render(event, channel, language, facts)
        notices.append(
            Notice(
                event=event,
                channel=channel,
                address=address,
                language=language,
                subject=letter.subject,
                body=letter.body,
                queued_at=at,
            )
        )
    if notices:
        Notice.objects.bulk_create(notices)
        on_commit(_kick)
    return notices


def _kick() -> None:
    # By name: the task stands above the services of this room and calls them.
    kick(import_string("huilian.notices.tasks.send_queued"), current().schema_name)
