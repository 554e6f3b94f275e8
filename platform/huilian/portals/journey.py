"""An application as its applicant reads it: each step, what happens now, and what can be done about it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huilian.accounts.queries import local_day
from huilian.applications.models import Application
from huilian.applications.queries import TimelineStep, timeline
from huilian.applications.services.dues import owed
from huilian.portals.shapes import Step, StepState, Tone
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.wording import STEP_LABELS, amount_words, in_a_row
from huilian.schemes.document import Category, Scheme
from huilian.schemes.queries import scheme_version
from kit import clock

_STATES: dict[str, StepState] = {
    "done": "done",
    "now": "current",
    "next": "todo",
    "skipped": "skipped",
    "failed": "failed",
}
_TONES: dict[str, Tone] = {"member": "good", "refused": "bad", "expired": "warn", "withdrawn": "quiet"}


@dataclass(frozen=True, slots=True)
class Journey:
    """One application on the applicant's page."""

    application: Application
    scheme: Scheme
    category: Category
    steps: list[Step]
    headline: str  # what happens now, and by when
    tone: Tone

    @property
    def key(self) -> str:
        """The application's id as it may stand in an id of the page."""
        return str(self.application.pk)

    @property
    def is_draft(self) -> bool:
        return self.application.state == Application.State.DRAFT

    @property
    def is_under_way(self) -> bool:
        return self.application.state == Application.State.IN_PROGRESS

    @property
    def may_be_tried_again(self) -> bool:
        """It came to nothing, and no waiting time of the scheme stands against another one."""
        found = self.application
        is_over = found.state in (Application.State.REFUSED, Application.State.WITHDRAWN, Application.State.EXPIRED)
        return is_over and (found.reapply_on is None or found.reapply_on <= local_day(clock.now()))

    @property
    def to_pay(self) -> bool:
        """The cashier has, or is about to have, a bill that this applicant should see."""
        return self.is_under_way and self.application.step in ("pay", "confirm")


def journey_of(application: Application, *, in_standing: bool = True) -> Journey:
    """The whole way of one application, in one query; `in_standing`: whom it made a member is one still."""
    scheme = scheme_version(application.scheme_version)
    today = local_day(clock.now())
    way = timeline(application, on=today)
    return Journey(
        application=application,
        scheme=scheme,
        category=scheme.category(application.category),
        steps=[_step(each, application) for each in way],
        headline=_headline(
            application,
            scheme,
            sent_back=any(each.state == "now" and each.reason for each in way),
            in_standing=in_standing,
        ),
        tone=_TONES.get(application.state, "warn" if application.step == "pay" else "info"),
    )


def _step(found: TimelineStep, application: Application) -> Step:
    note = "" if found.reason == application.reasons else found.reason  # those stand above all steps
    if not note and found.state == "next" and found.clock_days:
        note = ngettext("takes up to %(days)s working day", "takes up to %(days)s working days", found.clock_days) % {
            "days": found.clock_days
        }
    return Step(
        label=STEP_LABELS[found.kind],
        state="late" if found.overdue else _state(found, application),
        actor=found.actor_text,
        due_on=found.due_on if found.state == "now" else None,
        at=found.at,
        note=note,
    )


def _state(found: TimelineStep, application: Application) -> StepState:
    """How a step stands; where nobody refused anything, none was failed: it was broken off."""
    if found.state == "failed" and application.state != Application.State.REFUSED:
        return "stopped"
    return _STATES[found.state]


def _headline(application: Application, scheme: Scheme, *, sent_back: bool, in_standing: bool) -> str:
    """What happens now, in one sentence; `sent_back`: what the applicant did for this step was not accepted."""
    match application.state:
        case Application.State.DRAFT:
            return _("Not handed in yet: go on with the form whenever you like.")
        case Application.State.MEMBER:
            return _("You are a member.") if in_standing else _("By this application you became a member.")
        case Application.State.REFUSED:
            return in_a_row(_("Your application was not accepted."), _again(application.reapply_on))
        case Application.State.WITHDRAWN:
            return in_a_row(_("You have withdrawn this application."), _again(None))
        case Application.State.EXPIRED:
            return _("The dues were not paid in time, so this application has ended. You may apply again.")
    if sent_back and application.step == "pay":
        return in_a_row(_("Your voucher was not accepted. Please send a new one."), _by(application.step_due_on))
    sentences = {
        "endorse": _("The society is looking at your application."),
        "review": _("Headquarters is reviewing your application."),
        "pay": _("Please pay the dues: %(amount)s.")
        % {"amount": amount_words(owed(application, scheme).amount_minor, scheme.currency)},
        "confirm": _("Your payment is being checked."),
        "activate": _("Your membership is being opened."),
    }
    return in_a_row(sentences[application.step], _by(application.step_due_on))


def _by(due_on: date | None) -> str:
    return _("By %(day)s at the latest.") % {"day": day(due_on)} if due_on else ""


def _again(on: date | None) -> str:
    return _("You may apply again from %(day)s.") % {"day": day(on)} if on else _("You may apply again at any time.")
