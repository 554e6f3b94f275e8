"""The verbs of this room: become a member, be granted honorary membership, lapse, end, consent, report."""

from huilian.members.facts import ApplicationFacts
from huilian.members.services.activating import activate_member
from huilian.members.services.consenting import record_consents, withdraw_consent
from huilian.members.services.contacting import members_reached, move_contact
from huilian.members.services.ending import end_member, lapse_due_members
from huilian.members.services.honorary import grant_honorary
from huilian.members.services.portraits import read_portrait, remove_portrait, set_portrait
from huilian.members.services.reporting import replay, report_member

__all__ = [
    "ApplicationFacts",
    "activate_member",
    "end_member",
    "grant_honorary",
    "lapse_due_members",
    "members_reached",
    "move_contact",
    "read_portrait",
    "record_consents",
    "remove_portrait",
    "replay",
    "report_member",
    "set_portrait",
    "withdraw_consent",
]
