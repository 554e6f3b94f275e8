"""Which colour a state wears: one table, always beside the state's own words, never instead of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from huilian.portals.shapes import Tone, Words

MESSAGE_TONES: dict[str, Tone] = {"success": "good", "warning": "warn", "error": "bad"}
STEP_TONES: dict[str, Tone] = {
    "done": "good", "current": "info", "todo": "quiet", "late": "bad", "failed": "bad", "stopped": "quiet",
    "skipped": "quiet",
}  # fmt: skip
STEP_WORDS: dict[str, Words] = {
    "done": pgettext_lazy("step", "done"),
    "current": pgettext_lazy("step", "now"),
    "todo": pgettext_lazy("step", "to come"),
    "late": pgettext_lazy("step", "late"),
    "failed": pgettext_lazy("step", "not passed"),
    "stopped": pgettext_lazy("step", "broken off"),
    "skipped": pgettext_lazy("step", "not needed"),
}

TONES: dict[str, Tone] = {
    # Good: done, valid, in force.
    "active": "good", "approved": "good", "confirmed": "good", "endorsed": "good", "paid": "good",
    "settled": "good", "done": "good", "published": "good", "open": "good", "valid": "good", "sent": "good",
    "delivered": "good", "issued": "good", "accepted": "good", "granted": "good",
    # Information: on its way, with someone.
    "submitted": "info", "under_review": "info", "reviewing": "info", "review": "info", "endorse": "info",
    "endorsing": "info", "confirming": "info", "confirm": "info", "processing": "info", "opening": "info",
    "current": "info", "in_progress": "info", "queued": "info", "activate": "info", "new": "info",
    # Warning: waits for the person who reads it.
    "pay": "warn", "awaiting_payment": "warn", "to_pay": "warn", "unpaid": "warn", "due": "warn",
    "pending": "warn", "waiting": "warn", "incomplete": "warn", "expiring": "warn", "parked": "warn",
    "reported": "warn", "refund_due": "warn",
    # Bad: ended against the wish of someone, or broken.
    "refused": "bad", "rejected": "bad", "failed": "bad", "late": "bad", "overdue": "bad",
    "suspended": "bad", "revoked": "bad", "cancelled": "bad", "bounced": "bad", "breached": "bad",
    # Quiet: not begun, or over in the ordinary way.
    "draft": "quiet", "expired": "quiet", "lapsed": "quiet", "withdrawn": "quiet", "closed": "quiet",
    "retired": "quiet", "skipped": "quiet", "todo": "quiet", "void": "quiet",
}  # fmt: skip


def tone_of(state: Any) -> Tone:
    """Give the tone of a state; one that the table does not know stays quiet."""
    return TONES.get(str(getattr(state, "value", state)).lower(), "quiet")


def label_of(state: Any) -> str:
    """Give the words of a state: its label where it has one, else its own value."""
    return str(getattr(state, "label", state))
