"""What an API token may be minted for, and which verbs of the permission table each scope stands for."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Scope:
    """A token with this scope acts for its user in these verbs, as far as the user's roles still allow them.

    No verb means that anybody may know it; the token then only says who asks.
    """

    label: str | Promise
    verbs: frozenset[str] = frozenset()
    headquarters: bool = False


SCOPES: dict[str, Scope] = {
    "societies:read": Scope(_("Read the list of societies")),
    "schemes:read": Scope(_("Read the schemes")),
    "applications:read": Scope(_("Read applications"), frozenset({"application.see"})),
    "applications:write": Scope(
        _("Submit, endorse and refuse applications"), frozenset({"application.see", "application.endorse"})
    ),
    "codes:read": Scope(_("Read referral codes"), frozenset({"code.see"})),
    "codes:write": Scope(_("Mint and revoke referral codes"), frozenset({"code.see", "code.mint", "code.revoke"})),
    "members:read": Scope(_("Read members"), frozenset({"member.search"})),
    "members:reveal": Scope(_("Read members' contact data"), frozenset({"member.search", "member.reveal"})),
    "journal:read": Scope(_("Read the journal"), frozenset({"journal.see"})),
    "cases:read": Scope(_("Read the cases to be decided"), frozenset({"case.see"}), headquarters=True),
    "cases:write": Scope(
        _("Claim and decide cases"), frozenset({"case.see", "case.claim", "case.decide"}), headquarters=True
    ),
    "payments:read": Scope(_("Read payments"), frozenset({"payment.see"}), headquarters=True),
    "payments:write": Scope(
        _("Confirm and reject payments"), frozenset({"payment.see", "payment.confirm"}), headquarters=True
    ),
    "roll:read": Scope(_("Read the federation's roll"), frozenset({"roll.see"}), headquarters=True),
    "fees:read": Scope(_("Read the federation's fees"), frozenset({"fees.see"}), headquarters=True),
    "summary:read": Scope(_("Read the federation's summary"), frozenset({"summary.see"}), headquarters=True),
    "schemes:write": Scope(_("Publish schemes"), frozenset({"scheme.publish"}), headquarters=True),
    "societies:write": Scope(_("Open, suspend and resume societies"), frozenset({"society.order"}), headquarters=True),
    "resolutions:write": Scope(_("Record resolutions"), frozenset({"resolution.record"}), headquarters=True),
    "border:write": Scope(_("Reconcile and replay messages"), frozenset({"reconcile.run"}), headquarters=True),
}
