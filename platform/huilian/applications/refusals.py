"""The failures that several verbs of this room share."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from huilian.applications.models import Application
from kit.errors import Refusal


class Problems(Refusal):
    """Everything that is wrong with a form at once; each problem is a Refusal that names its field."""

    problems: tuple[Refusal, ...]

    def __init__(self, problems: Iterable[Refusal]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "form_incomplete",
            _("Some answers are missing or cannot be right. Please look at the fields marked."),
            count=len(self.problems),
        )

    @property
    def by_field(self) -> dict[str, list[Refusal]]:
        """The problems of each field in the order they were found; those of no field are under an empty name."""
        found: dict[str, list[Refusal]] = {}
        for problem in self.problems:
            found.setdefault(problem.field or "", []).append(problem)
        return found


def already_decided(application: Application) -> Refusal:
    """Somebody else, or another tab, was quicker; nothing of this wish was done."""
    return Refusal(
        "already_decided",
        _("This application has changed since you opened it. Look at it again before you act."),
        status=409,
        reference=application.reference,
    )


def already_applied(existing: Application | None, *, own: bool) -> Refusal:
    """There is a live application of this person; only its proven owner is led to it."""
    if existing is None or not own:
        return Refusal(
            "already_applied",
            _(
                "An application with these particulars is under way already. Sign in with the phone or e-mail used "
                "there to see it; if it is not yours, please write to us."
            ),
            status=409,
        )
    return Refusal(
        "already_applied",
        _("You have applied already: application %(reference)s is under way."),
        status=409,
        reference=existing.reference,
        application_id=str(existing.pk),
    )


def contact_in_use() -> Refusal:
    """Another application under way names the same phone or e-mail."""
    return Refusal(
        "contact_taken",
        _("Another application under way names this already. Please use another one."),
        field="contact",
        status=409,
    )
