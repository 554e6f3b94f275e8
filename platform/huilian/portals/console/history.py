"""Lines of the journal as people read them: when, who, what, why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huilian.journal.models import Record
from huilian.portals.console.words import actor_name
from huilian.portals.shapes import Words


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act; `verb` is its stable name, `words` what it is called."""

    at: datetime
    who: str
    verb: str
    words: Words
    reason: str


# What is not in this table is shown by its stable name.
VERB_WORDS: Mapping[str, Words] = {
    "account.closed": _("Account closed"),
    "account.opened": _("Account opened"),
    "application.activated": _("Application activated"),
    "application.overdue": _("Step overdue"),
    "application.reminded": _("Reminder sent"),
    "application.approved": _("Application approved"),
    "application.endorsed": _("Application endorsed"),
    "application.expired": _("Application expired"),
    "application.refused": _("Application refused"),
    "application.submitted": _("Application received"),
    "application.withdrawn": _("Application withdrawn"),
    "bill.cancelled": _("Bill cancelled"),
    "bill.opened": _("Bill opened"),
    "bill.refund_due": _("Money to be paid back"),
    "bill.ignored": _("Report of a bill came too late"),
    "bill.reported": _("Bill changed"),
    "bill.returned": _("Back to payment"),
    "bill.settled": _("Bill settled"),
    "bill.withdrawn": _("Dues withdrawn"),
    "bill.years_chosen": _("Years chosen"),
    "case.approved": _("Case approved"),
    "case.claimed": _("Case taken on"),
    "case.refused": _("Case refused"),
    "case.released": _("Case left to others"),
    "account.renamed": _("Phone or e-mail changed"),
    "letter.reset": _("Letter back in its usual words"),
    "letter.reworded": _("Letter worded anew"),
    "letter.sent_again": _("Letter sent again"),
    "member.contact_changed": _("Member’s phone or e-mail changed"),
    "member.portrait_removed": _("Photo deleted"),
    "member.portrait_set": _("Photo added"),
    "code.entrusted": _("Referral code entrusted"),
    "code.minted": _("Referral code generated"),
    "code.revoked": _("Referral code withdrawn"),
    "code.withdrawn": _("Referral code no longer entrusted"),
    "invitation.accepted": _("Invitation taken up"),
    "invitation.made": _("Invitation sent"),
    "invitation.revoked": _("Invitation withdrawn"),
    "member.activated": _("Member activated"),
    "calendar.day_set": _("Working calendar changed"),
    "member.ended": _("Membership ended"),
    "member.honoured": _("Honorary membership granted"),
    "member.completed": _("Profile completed"),
    "member.rejoined": _("Member joined again"),
    "member.lapsed": _("Membership lapsed"),
    "member.imported": _("Member taken over from a list"),
    "member.revealed": _("Contact data looked at"),
    "members.exported": _("Members exported"),
    "members.import_confirmed": _("List of members confirmed"),
    "members.imported": _("List of members taken over"),
    "members.list_discarded": _("List of members discarded"),
    "members.list_uploaded": _("List of members handed in"),
    "members.refused_rows_taken": _("Refused rows of a list downloaded"),
    "message.replayed": _("Parked message handled again"),
    "paper.opened": _("Paper looked at"),
    "password.set": _("Password set"),
    "payment.confirmed": _("Payment confirmed"),
    "payment.rejected": _("Voucher rejected"),
    "payment.reported": _("Payment reported"),
    "reconciliation.asked": _("Reconciliation asked for"),
    "reconciliation.repaired": _("Differences reported again"),
    "resolution.recorded": _("Resolution recorded"),
    "role.ended": _("Office ended"),
    "role.granted": _("Office granted"),
    "roll.exported": _("Roll exported"),
    "scheme.published": _("Scheme published"),
    "scheme.received": _("Scheme received"),
    "society.open": _("Society opened"),
    "society.open_ordered": _("Opening of a society ordered"),
    "society.resume": _("Society resumed"),
    "society.resume_ordered": _("Resumption of a society ordered"),
    "society.suspend": _("Society suspended"),
    "society.suspend_ordered": _("Suspension of a society ordered"),
    "token.minted": _("API token minted"),
    "token.revoked": _("API token withdrawn"),
    "verdict.ignored": _("Verdict came too late"),
    "voucher.opened": _("Voucher looked at"),
}


def history(records: Iterable[Record]) -> list[HistoryLine]:
    """The lines to be shown, in the order given."""
    return [
        HistoryLine(each.at, actor_name(each.actor), each.verb, VERB_WORDS.get(each.verb, each.verb), each.reason)
        for each in records
    ]
