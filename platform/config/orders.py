"""Carrying out headquarters' orders about societies: the only tasks that hold the provisioner's role."""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import SocietyOpened
from federation.ledger.models import SocietyOrder
from federation.ledger.orders import begin_order, finish_order, note_progress, waiting_orders
from federation.ledger.telling import kept
from federation.outbox import publish
from huilian.journal.services import record
from huilian.schemes.services import send_schemes
from kit.clock import now
from kit.errors import Refusal
from tenants.context import headquarters, inside, society_numbered
from tenants.opening import open_society, resume_society, suspend_society
from tenants.upgrading import REPORT, counts_of, upgrade_societies


@shared_task(name="config.orders.carry_out")
def carry_out(order_id: str) -> None:
    """Carry out one order of headquarters; what fails is told on the order, never lost."""
    with inside(headquarters()):
        order = begin_order(order_id)
        if order is None:
            return
        try:
            message = _ACTS[order.verb](order)
        except Refusal as refusal:
            finish_order(order, failed=kept(refusal.sentence, **refusal.facts), at=now())
        except Exception as problem:
            finish_order(order, failed=f"{type(problem).__name__}: {problem}", at=now())
            raise
        else:
            with transaction.atomic():
                finish_order(order, message=message, at=now())
                subject = ("society", order.society or "all")
                record(f"society.{order.verb}", subject, by=order.ordered_by, at=now(), reason=order.reason)


@shared_task(name="config.orders.sweep")
def sweep() -> None:
    """Take up orders whose message to the worker got lost."""
    with inside(headquarters()):
        waiting = waiting_orders()
    for order_id in waiting:
        carry_out(order_id)


def _open(order: SocietyOrder) -> str:
    wish: dict[str, Any] = order.details
    note_progress(order, 20, kept(_("Replaying the template")))
    society = open_society(
        number=order.society,
        slug=wish["slug"],
        kind=wish["kind"],
        name_zh=wish["name_zh"],
        name_en=wish["name_en"],
        time_zone=wish.get("time_zone") or "Asia/Shanghai",
        at=now(),
    )
    note_progress(order, 80, kept(_("Sending the scheme and the first invitation")))
    with transaction.atomic():
        send_schemes(to=society.number)
        publish(
            SocietyOpened(
                owner_name=wish.get("owner_name", ""),
                owner_phone=wish.get("owner_phone", ""),
                owner_email=wish.get("owner_email", ""),
                reason=order.reason,
            ),
            to=society.number,
        )
    return kept(_("Opened."))


def _suspend(order: SocietyOrder) -> str:
    suspend_society(society_numbered(order.society))
    return kept(_("Suspended."))


def _resume(order: SocietyOrder) -> str:
    resume_society(society_numbered(order.society))
    return kept(_("Open again."))


def _upgrade(order: SocietyOrder) -> str:
    def progress(done: int, of: int, name: str) -> None:
        note_progress(order, 5 + int(90 * done / max(1, of)), name)

    report = upgrade_societies(at=now(), progress=progress)
    if report.failed:
        raise Refusal("upgrade_failed", REPORT, **counts_of(report))  # type: ignore[arg-type]
    return kept(REPORT, **counts_of(report))


_ACTS = {"open": _open, "suspend": _suspend, "resume": _resume, "upgrade": _upgrade}
