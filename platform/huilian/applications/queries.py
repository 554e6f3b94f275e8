"""Questions about applications: what waits for whom, how one stands, and what headquarters should know."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Value

from huilian.accounts.hashing import contact_hash, open_sealed
from huilian.accounts.models import User
from huilian.applications.answers import SEALED_FIELD
from huilian.applications.models import Application
from huilian.applications.timeline import TimelineStep, timeline
from huilian.schemes.fields import restricted_codes
from kit.contact import normalise_email, normalise_phone
from kit.errors import Refusal

__all__ = [
    "TimelineStep",
    "applications_of",
    "draft_answers",
    "endorsement_queue",
    "overdue_applications",
    "reported_rows",
    "search_applications",
    "timeline",
    "visible_answers",
]

State = Application.State


def endorsement_queue() -> QuerySet[Application]:
    """What waits for this society's own staff, the most urgent first."""
    waiting = Application.objects.filter(state=State.IN_PROGRESS, step_actor="society")
    return waiting.exclude(step="confirm").order_by("step_due_on", "submitted_at", "pk")


def overdue_applications(on: date) -> QuerySet[Application]:
    """Applications whose present step should have been done before `on`, whoever is late."""
    late = Application.objects.filter(state=State.IN_PROGRESS, step_due_on__lt=on)
    return late.order_by("step_due_on", "pk")


def search_applications(
    text: str = "", *, state: str = "", category: str = "", channel: str = "", step: str = "", code: str = ""
) -> QuerySet[Application]:
    """Applications that were handed in, newest first; `text` is a reference, part of a name, a phone or an e-mail."""
    found = Application.objects.filter(submitted_at__isnull=False).order_by("-submitted_at", "pk")
    narrowed = {"state": state, "category": category, "channel": channel, "step": step, "referral_code": code}
    found = found.filter(**{name: value for name, value in narrowed.items() if value})
    if text := text.replace("\x00", "").strip()[:100]:
        matching = Q(reference__iexact=text) | Q(name__icontains=text)
        for column, value in _contact_hashes(text).items():
            matching |= Q(**{column: value})
        found = found.filter(matching)
    return found


def applications_of(user: User) -> QuerySet[Application]:
    """A user's own applications, drafts included, newest first."""
    return Application.objects.filter(user=user).order_by("-created_at", "pk")


def draft_answers(application: Application) -> dict[str, object]:
    """The answers as the applicant gave them, for the applicant's own form: with interests and identity number."""
    answers = dict(application.answers)
    if application.interests:
        answers["interests"] = list(application.interests)
    if application.id_number_sealed and application.kind == "person":
        answers[SEALED_FIELD] = open_sealed(application.id_number_sealed)
    return answers


def visible_answers(application: Application) -> dict[str, object]:
    """The answers for staff: without those that need a special right."""
    hidden = restricted_codes(application.answers)
    return {code: answer for code, answer in application.answers.items() if code not in hidden}


def reported_rows() -> QuerySet[Application, tuple[UUID, int, str, int]]:
    """`(id, version, state, amount)` of every application reported to headquarters; no money is counted here."""
    submitted = Application.objects.filter(submitted_at__isnull=False).order_by()
    return submitted.values_list("id", "version", "state", Value(0))


def _contact_hashes(text: str) -> dict[str, str]:
    hashes = {}
    for column, kind, normalise in (
        ("phone_hash", "phone", normalise_phone),
        ("email_hash", "email", normalise_email),
    ):
        try:
            hashes[column] = contact_hash(kind, normalise(text))  # type: ignore[arg-type]
        except Refusal:
            continue
    return hashes
