"""What the parts of a scheme are called, and a route with everything that is laid down for its steps."""

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import Role
from huilian.portals.console.facts import BREACH_WORDS
from huilian.portals.console.words import actor_word, step_word
from huilian.portals.shapes import Words
from huilian.portals.wording import days_words
from huilian.schemes.parts import Step

# The first part of a place, below a category or at the top of the scheme.
FIELD_WORDS: Mapping[str, Words] = {
    "allowed_choices": pgettext_lazy("scheme", "Choices on the form"),
    "benefits": pgettext_lazy("scheme", "Benefits"),
    "calendar": pgettext_lazy("scheme", "Calendar"),
    "certificate": _("Certificate"),
    "channels": _("Channels"),
    "conditions": _("Conditions"),
    "currency": _("Currency"),
    "dues": _("Dues"),
    "effective_on": _("In force from"),
    "kind": _("Kind"),
    "max_years": pgettext_lazy("scheme", "Most years paid at once"),
    "member_number": _("Member numbers"),
    "name": pgettext_lazy("scheme", "Name"),
    "optional_fields": pgettext_lazy("scheme", "Questions that may be left out"),
    "papers": pgettext_lazy("scheme", "Papers"),
    "payment_days": pgettext_lazy("scheme", "Days for paying"),
    "rank": _("Rank"),
    "reapply_after_months": pgettext_lazy("scheme", "Months before applying again"),
    "receipt": pgettext_lazy("scheme", "Receipt"),
    "reminder_days": pgettext_lazy("scheme", "Days of reminders"),
    "remittance": pgettext_lazy("scheme", "Account for transfers"),
    "renewal": pgettext_lazy("scheme", "Renewal"),
    "required_fields": pgettext_lazy("scheme", "Questions that must be answered"),
    "route": _("Route"),
    "summary": pgettext_lazy("scheme", "Summary"),
    "term": _("Term"),
}


def route_in_full(route: tuple[Step, ...]) -> SafeString:
    """The steps in their order, a line each."""
    lines = [(number, step_in_full(step)) for number, step in enumerate(route, 1)]
    return format_html('<span class="lines">{}</span>', format_html_join("", "<span>{}. {}</span>", lines))


def step_in_full(step: Step) -> str:
    """Everything that is laid down for a step: two steps that differ never read the same."""
    said: list[object] = [step_word(step.kind), actor_word(step.actor)]
    if step.role:
        said.append(Role(step.role).label)
    said.append(days_words(step))
    if step.persons > 1:
        said.append(ngettext("%(count)s person", "%(count)s persons", step.persons) % {"count": step.persons})
    if step.together:
        said.append(gettext("several at once"))
    if step.on_breach != "none":
        said.append(gettext("when late: %(what)s") % {"what": BREACH_WORDS[step.on_breach]})
    if step.skip_at_headquarters:
        said.append(gettext("left out at headquarters"))
    return " · ".join(str(each) for each in said if each)
