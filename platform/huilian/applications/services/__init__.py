"""The verbs of this room, by family: draft, submit, decide, withdraw, receive, and what time does."""

from huilian.applications.services.asking_again import ask_again
from huilian.applications.services.clocks import expire_unpaid, forget_drafts, remind_breached, remind_unpaid
from huilian.applications.services.contacting import change_own_contact
from huilian.applications.services.drafting import (
    confirm_contact,
    save_draft,
    start_application,
    withdraw_draft,
)
from huilian.applications.services.endorsing import endorse_application, refuse_application
from huilian.applications.services.money import receive_bill
from huilian.applications.services.reporting import replay
from huilian.applications.services.submitting import submit_application
from huilian.applications.services.verdicts import receive_verdict
from huilian.applications.services.withdrawing import withdraw_application

__all__ = [
    "ask_again",
    "change_own_contact",
    "confirm_contact",
    "endorse_application",
    "expire_unpaid",
    "forget_drafts",
    "receive_bill",
    "receive_verdict",
    "refuse_application",
    "remind_breached",
    "remind_unpaid",
    "replay",
    "save_draft",
    "start_application",
    "submit_application",
    "withdraw_application",
    "withdraw_draft",
]
