"""Orders about societies: written here, carried out by a worker with the provisioner's role."""

import re
from datetime import datetime
from typing import Any

from celery import current_app
from django.utils.translation import gettext_lazy as _

from federation.ledger.models import SocietyOrder
from kit.errors import Refusal
from tenants.context import on_commit
from tenants.kinds import BRANCH, HEADQUARTERS_NUMBER, LAW, PROVINCE
from tenants.registry import find, street_map

TASK = "config.orders.carry_out"
VERBS = ("open", "suspend", "resume", "upgrade")
SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")


def order_society(
    verb: str, *, society: str = "", details: dict[str, Any] | None = None, reason: str, by: str, at: datetime
) -> SocietyOrder:
    """Write an order; the worker is told after the commit, and finds it by itself if that gets lost."""
    details = details or {}
    if verb not in VERBS:
        raise Refusal("unknown_verb", _("Order open, suspend, resume or upgrade."), field="verb")
    if not reason.strip():
        raise Refusal("reason_needed", _("Give the reason: it is kept in the journal."), field="reason")
    if verb == "open":
        society = _check_opening(society, details)
    elif verb in ("suspend", "resume"):
        _check_existing(society)
    order = SocietyOrder.objects.create(
        verb=verb, society=society, details=details, reason=reason.strip(), ordered_by=by, ordered_at=at
    )
    on_commit(lambda: current_app.send_task(TASK, [str(order.pk)], queue="provision"))
    return order


def begin_order(order_id: str) -> SocietyOrder | None:
    """Take the order up; None if another worker has it or it is done."""
    taken = SocietyOrder.objects.filter(pk=order_id, state=SocietyOrder.State.ORDERED).update(
        state=SocietyOrder.State.RUNNING, progress=5
    )
    return SocietyOrder.objects.get(pk=order_id) if taken else None


def note_progress(order: SocietyOrder, percent: int, message: str) -> None:
    SocietyOrder.objects.filter(pk=order.pk).update(progress=percent, message=message[:300])


def finish_order(order: SocietyOrder, *, failed: str = "", message: str = "", at: datetime) -> None:
    SocietyOrder.objects.filter(pk=order.pk).update(
        state=SocietyOrder.State.FAILED if failed else SocietyOrder.State.DONE,
        progress=100,
        message=(failed or message)[:300],
        finished_at=at,
    )


def waiting_orders() -> list[str]:
    pending = SocietyOrder.objects.filter(state=SocietyOrder.State.ORDERED).order_by("ordered_at")
    return [str(pk) for pk in pending.values_list("pk", flat=True)]


def _check_opening(number: str, details: dict[str, Any]) -> str:
    kind, slug = str(details.get("kind", "")), str(details.get("slug", ""))
    if kind not in (BRANCH, PROVINCE):
        raise Refusal("unknown_kind", _("Open a branch or a provincial society."), field="kind")
    if not SLUG.match(slug):
        raise Refusal("bad_slug", _("Use 2 to 31 small letters, digits and hyphens, a letter first."), field="slug")
    for name in ("name_zh", "name_en"):
        if not str(details.get(name, "")).strip():
            raise Refusal("name_needed", _("Both names are needed, Chinese and English."), field=name)
    if not str(details.get("owner_name", "")).strip():
        raise Refusal("owner_name_needed", _("Who is the first administrator?"), field="owner_name")
    if not (details.get("owner_email") or details.get("owner_phone")):
        raise Refusal("owner_needed", _("Where is the first administrator's invitation sent?"), field="owner_email")
    numbers = LAW[kind].numbers
    if not (number.isascii() and number.isdigit() and int(number) in numbers):
        raise Refusal(
            "bad_number",
            _("The number of this kind of society lies between %(first)s and %(last)s."),
            field="number",
            first=numbers[0],
            last=numbers[-1],
        )
    known = street_map().by_number
    if number in known or slug in {society.slug for society in known.values()}:
        raise Refusal("society_exists", _("This number or host label is taken."), field="number", status=409)
    return number


def _check_existing(number: str) -> None:
    if number == HEADQUARTERS_NUMBER:
        raise Refusal("not_headquarters", _("Headquarters is never suspended."), field="society")
    if find("by_number", number) is None:
        raise Refusal("unknown_society", _("There is no society with this number."), field="society", status=404)
