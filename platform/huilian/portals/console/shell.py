"""What surrounds a page of the console: the places that this member of staff may go to, and what waits there."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from federation.ledger.queries import open_cases
from huilian.accounts.models import User
from huilian.accounts.queries import local_day, roles_of
from huilian.accounts.rules import verbs_of
from huilian.applications.queries import endorsement_queue
from huilian.notices.queries import has_outbox
from huilian.payments.models import PaymentAttempt
from huilian.portals.menu import shell_of
from huilian.portals.shapes import Group, Link, Shell, Words
from kit import clock
from tenants.context import law


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the side navigation leads to, and the verb that opens it."""

    label: Words
    name: str
    verb: str


_FEDERATION = (
    Place(_("Overview of the federation"), "console_federation", "summary.see"),
    Place(_("Approvals"), "console_cases", "case.see"),
    Place(_("Payments to confirm"), "console_payments", "payment.see"),
    Place(_("Roll of members"), "console_roll", "roll.see"),
    Place(_("Institutions"), "console_institutions", "roll.see"),
    Place(_("Fees"), "console_fees", "fees.see"),
    Place(_("Societies"), "console_societies", "society.order"),
    Place(_("Resolutions"), "console_resolutions", "resolution.record"),
    Place(_("Border"), "console_border", "reconcile.run"),
)
_SOCIETY = (
    Place(_("Overview"), "console_society", "console.see"),
    Place(_("Members"), "console_members", "member.search"),
    Place(_("Referral codes"), "console_codes", "code.see"),
    Place(_("To endorse"), "console_endorsements", "application.see"),
    Place(_("Applications"), "console_applications", "application.see"),
)
_OFFICE = (
    Place(_("Journal"), "console_journal", "journal.see"),
    Place(_("Staff and roles"), "console_roles", "role.grant"),
    Place(_("API tokens"), "console_tokens", "token.mint"),
    Place(_("Membership scheme"), "console_schemes", "console.see"),
    Place(_("Delivery of letters"), "console_letters", "letter.see"),
    Place(_("Letters"), "outbox", "journal.see"),
)


def console_shell(request: HttpRequest, user: User) -> Shell:
    """The surroundings of one page of the console: at most three counts beside the menu."""
    verbs = verbs_of(user)
    waiting = _waiting(verbs)
    groups = [
        Group(title, links)
        for title, places in (
            (_("Federation"), _FEDERATION if law().aggregates else ()),
            (_("This society"), _SOCIETY),
            (_("Administration"), _OFFICE if has_outbox() else _OFFICE[:-1]),
        )
        if (links := [_link(request, place, waiting) for place in places if place.verb in verbs])
    ]
    return replace(shell_of(request), nav=(), groups=groups, role=_role_words(user), home_url=reverse("console"))


def _link(request: HttpRequest, place: Place, waiting: dict[str, int]) -> Link:
    url = reverse(place.name)
    here = request.path.startswith(url) or (place.name == "console_society" and request.path == reverse("console"))
    return Link(place.label, url, current=here, count=waiting.get(place.name) or None)


def _waiting(verbs: frozenset[str]) -> dict[str, int]:
    """How much waits on each desk that this member of staff may clear."""
    counts: dict[str, int] = {}
    if "application.endorse" in verbs:
        counts["console_endorsements"] = endorsement_queue().count()
    if "case.decide" in verbs:
        counts["console_cases"] = open_cases().count()
    if "payment.confirm" in verbs:
        reported = PaymentAttempt.State.REPORTED
        counts["console_payments"] = PaymentAttempt.objects.filter(state=reported).count()
    return counts


def _role_words(user: User) -> str:
    held = roles_of(user, on=local_day(clock.now()))
    separator = "、" if (get_language() or "").startswith("zh") else ", "
    return separator.join(sorted(str(role.label) for role in held))
