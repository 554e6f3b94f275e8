"""The facts of an act as people read them: what each is called, and what its codes stand for."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from huilian.accounts.models import Role
from huilian.applications.models import Application
from huilian.billing.models import Bill
from huilian.members.models import Member
from huilian.payments.models import PaymentAttempt
from huilian.portals.console.words import (
    KIND_WORDS,
    category_names,
    channel_names,
    listed,
    society_name,
    step_word,
)
from huilian.portals.shapes import Words
from huilian.portals.templatetags.huilian_tags import day, moment
from huilian.portals.wording import amount_words
from huilian.schemes.queries import current_scheme

# What an act was done to, by the last part of its type.
SUBJECT_WORDS: Mapping[str, Words] = {
    "apitoken": _("API token"),
    "application": _("Application"),
    "bill": pgettext_lazy("journal", "Bill"),
    "case": pgettext_lazy("journal", "Case"),
    "federation": _("Federation"),
    "holiday": pgettext_lazy("journal", "Day of the calendar"),
    "inboxmessage": pgettext_lazy("journal", "Message"),
    "invitation": _("Invitation"),
    "member": _("A member"),
    "memberimport": pgettext_lazy("journal", "List of members"),
    "members": _("Members"),
    "paymentattempt": _("Payment"),
    "reconciliation": pgettext_lazy("journal", "Reconciliation"),
    "referralcode": _("Referral code"),
    "resolution": _("Resolution"),
    "roll": _("Roll of members"),
    "schemeversion": _("Membership scheme"),
    "society": _("Society"),
    "user": pgettext_lazy("journal", "Account"),
}

# What is not in this table is shown by its stable name.
FACT_WORDS: Mapping[str, Words] = {
    "amount_minor": _("Amount"),
    "application": pgettext_lazy("journal", "Application"),
    "before": pgettext_lazy("journal", "Before"),
    "bill": pgettext_lazy("journal", "Bill"),
    "bill_state": pgettext_lazy("journal", "State of the bill"),
    "category": _("Category"),
    "channel": _("Channel"),
    "code": _("Referral code"),
    "contacts": pgettext_lazy("journal", "With contact data"),
    "currency": _("Currency"),
    "day": pgettext_lazy("journal", "Day"),
    "decided_at": pgettext_lazy("journal", "Decided on"),
    "due_on": pgettext_lazy("journal", "Due on"),
    "effective_on": _("In force from"),
    "error": pgettext_lazy("journal", "Fault"),
    "expires_at": pgettext_lazy("journal", "Valid until"),
    "fields": pgettext_lazy("journal", "Fields"),
    "final": pgettext_lazy("journal", "Final"),
    "format": pgettext_lazy("journal", "File format"),
    "from_on": pgettext_lazy("journal", "From"),
    "gone": pgettext_lazy("journal", "Gone"),
    "id_numbers": pgettext_lazy("journal", "With ID numbers"),
    "invites": pgettext_lazy("journal", "With letters to the members"),
    "is_working": pgettext_lazy("journal", "Working day"),
    "kind": _("Kind"),
    "label": pgettext_lazy("journal", "Label"),
    "lifted": pgettext_lazy("journal", "Lifted"),
    "max_uses": _("Most applications"),
    "member": pgettext_lazy("journal", "Member"),
    "number": pgettext_lazy("journal", "Number"),
    "on_breach": pgettext_lazy("journal", "When late"),
    "order": pgettext_lazy("journal", "Order"),
    "outcome": pgettext_lazy("journal", "Outcome"),
    "paper": pgettext_lazy("journal", "Paper"),
    "papers": pgettext_lazy("journal", "Papers"),
    "reapply_on": pgettext_lazy("journal", "May apply again from"),
    "reference": _("Reference"),
    "refused": pgettext_lazy("journal", "Rows refused"),
    "resolution": _("Resolution"),
    "resolved_on": pgettext_lazy("journal", "Resolved on"),
    "role": _("Role"),
    "rows": pgettext_lazy("journal", "Rows"),
    "scheme_version": pgettext_lazy("journal", "Version of the scheme"),
    "scopes": pgettext_lazy("journal", "Scopes"),
    "searched": pgettext_lazy("journal", "By a search text"),
    "sender": pgettext_lazy("journal", "Sender"),
    "societies": _("Societies"),
    "society": _("Society"),
    "stands_at": pgettext_lazy("journal", "Step it stands at"),
    "state": _("State"),
    "step": _("Step"),
    "step_index": pgettext_lazy("journal", "Step decided"),
    "to_on": pgettext_lazy("journal", "To"),
    "token": _("API token"),
    "type": pgettext_lazy("journal", "Type of message"),
    "user": pgettext_lazy("journal", "Account"),
    "valid_from": pgettext_lazy("journal", "Valid from"),
    "valid_to": pgettext_lazy("journal", "Valid to"),
    "version": _("Version"),
    "voucher_sha256": pgettext_lazy("journal", "Digest of the voucher"),
    "years": _("Years"),
}

_STATES: Mapping[str, Words] = {
    **dict(Member.State.choices),
    **dict(PaymentAttempt.State.choices),
    **dict(Bill.State.choices),
    **dict(Application.State.choices),
    "approved": pgettext_lazy("journal", "approved"),
}
BREACH_WORDS: Mapping[str, Words] = {
    "escalate": pgettext_lazy("journal", "told to headquarters"),
    "remind": pgettext_lazy("journal", "reminded"),
    "none": pgettext_lazy("journal", "nothing happens"),
    "expire": pgettext_lazy("journal", "ends"),
}


def _category(code: str) -> str:
    return category_names(current_scheme()).get(code, code)


def _channel(kind: str) -> str:
    return channel_names(current_scheme()).get(kind, kind)


_CODES: Mapping[str, Callable[[str], object]] = {
    "before": _category,
    "bill_state": lambda state: _STATES.get(state, state),
    "category": _category,
    "channel": _channel,
    "format": str.upper,
    "kind": lambda kind: KIND_WORDS.get(kind, kind),
    "on_breach": lambda breach: BREACH_WORDS.get(breach, breach),
    "outcome": lambda state: _STATES.get(state, state),
    "role": lambda role: dict(Role.choices).get(role, role),
    "sender": society_name,
    "society": society_name,
    "state": lambda state: _STATES.get(state, state),
    "step": step_word,
}


def subject_word(subject_type: str) -> str:
    """What an act was done to, in a word."""
    kind = subject_type.rpartition(".")[2]
    return str(SUBJECT_WORDS.get(kind, kind))


def reason_words(reason: str) -> str:
    """Why somebody acted: what they wrote, or the invitation that was taken up."""
    kind, _space, number = reason.partition(" ")
    return f"{SUBJECT_WORDS[kind]} {number}" if kind == "invitation" and number.isdigit() else reason


def facts_words(facts: Mapping[str, object]) -> str:
    """The facts of an act on one line; amounts with their currency, and nothing for what is not known."""
    said = dict(facts)
    if "amount_minor" in said:
        currency = said.pop("currency", None) or current_scheme().currency
        said["amount_minor"] = amount_words(int(str(said["amount_minor"])), str(currency))
    pairs = [(FACT_WORDS.get(name, name), _value(name, fact)) for name, fact in said.items() if fact not in (None, "")]
    return " · ".join(
        pgettext("a fact and its value", "%(name)s: %(value)s") % {"name": name, "value": value}
        for name, value in pairs
    )


def _value(name: str, fact: object) -> object:
    if isinstance(fact, bool):
        return pgettext("journal", "yes") if fact else pgettext("journal", "no")
    if isinstance(fact, list):
        return listed([str(_value(name, each)) for each in fact])
    if isinstance(fact, dict):
        return listed([f"{key} {value}" for key, value in fact.items()])
    if isinstance(fact, str) and name in _CODES:
        return _CODES[name](fact)
    if isinstance(fact, str) and name.endswith("_at"):
        return moment(datetime.fromisoformat(fact))
    if isinstance(fact, str) and name.endswith(("_on", "day", "valid_from", "valid_to")):
        return day(date.fromisoformat(fact))
    return fact
