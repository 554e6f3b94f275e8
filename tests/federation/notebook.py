"""A reaction that leaves a trace: a row in the receiving society whose nonce may exist only once.

`reason` of the message says what is to happen; the row is `<sender> <reason>`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from federation.contracts import DuesWithdrawn
from federation.models import UsedTicket
from federation.outbox import publish
from kit.errors import Refusal

obstacles: set[str] = set()  # reasons that fail as long as they are in here
SECRET = "13800000001"


def write(message: DuesWithdrawn, sender: str, at: datetime) -> None:
    UsedTicket.objects.create(nonce=f"{sender} {message.reason}", used_at=at)
    if message.reason in obstacles:
        _fail(message.reason)


def _fail(reason: str) -> None:
    if reason.startswith("refused"):
        raise Refusal("refused", _("Nothing doing with %(phone)s."), phone=SECRET)
    if reason.startswith("twice"):
        UsedTicket.objects.create(nonce=f"100 {reason} {SECRET}", used_at=datetime.now().astimezone())
        UsedTicket.objects.create(nonce=f"100 {reason} {SECRET}", used_at=datetime.now().astimezone())
    if reason.startswith("locked"):
        UsedTicket.objects.select_for_update(nowait=True).get(nonce="the lock")
    if reason.startswith("killed"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    raise ValueError(SECRET)


def echo(message: DuesWithdrawn, sender: str, at: datetime) -> None:
    """Say the same back: a trace that nothing but the inbox keeps from being left twice."""
    publish(message, to=sender)
    if message.reason in obstacles:
        _fail(message.reason)


def answer(message: DuesWithdrawn, sender: str, at: datetime) -> None:
    """Send back one less, until there is nothing left."""
    write(message, sender, at)
    if int(message.reason):
        left = str(int(message.reason) - 1)
        publish(DuesWithdrawn(application_id=message.application_id, reason=left), to=sender)


at_once: list[int] = []


def gather(message: DuesWithdrawn, sender: str, at: datetime) -> None:
    write(message, sender, at)


def _gather_many(received: Sequence[tuple[DuesWithdrawn, str, datetime]]) -> None:
    at_once.append(len(received))
    for each in received:
        write(*each)


gather.many = _gather_many  # type: ignore[attr-defined]


calls: list[Callable[[], None]] = []


def call(message: DuesWithdrawn, sender: str, at: datetime) -> None:
    """Let the test do something in the middle of a handler's transaction."""
    write(message, sender, at)
    calls.pop()()
