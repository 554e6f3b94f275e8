"""A society words a letter its own way, and goes back to the usual words."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.journal.services import record
from huilian.notices.catalogue import EVENTS, LANGUAGES, Event
from huilian.notices.models import Wording
from huilian.notices.queries import look_again_for_rewording
from huilian.notices.rules import check_wording
from kit.errors import Refusal
from tenants.context import on_commit


@transaction.atomic
def reword_letter(event: str, language: str, *, texts: dict[str, str], by: str, at: datetime) -> Wording | None:
    """Keep this society's own subject, e-mail and SMS; a text that is empty or usual is the catalogue's.

    Returns None where nothing of its own is left. Refusals of `check_wording`, and `letter_unknown` (404).
    """
    kept = check_wording(known_event(event, language), language, texts)
    if not any(kept.values()):
        _forget(event, language, by=by, at=at)
        return None
    wording, _new = Wording.objects.update_or_create(
        event=event, language=language, defaults={**kept, "changed_at": at, "changed_by": by}
    )
    own = sorted(field for field, text in kept.items() if text)
    record("letter.reworded", wording, by=by, at=at, event=event, language=language, own=own)
    _tell()
    return wording


@transaction.atomic
def reset_letter(event: str, language: str, *, by: str, at: datetime) -> None:
    """Go back to the catalogue's words; Refusal `letter_usual` (409) where they are in use already."""
    known_event(event, language)
    if not _forget(event, language, by=by, at=at):
        raise Refusal("letter_usual", _("This letter has its usual words already."), status=409)


def known_event(event: str, language: str) -> Event:
    """The event of the catalogue; Refusal `letter_unknown`, status 404."""
    if event not in EVENTS or language not in LANGUAGES:
        raise Refusal("letter_unknown", _("There is no such letter."), status=404)
    return EVENTS[event]


def _forget(event: str, language: str, *, by: str, at: datetime) -> bool:
    wording = Wording.objects.select_for_update().filter(event=event, language=language).first()
    if wording is None:
        return False
    record("letter.reset", wording, by=by, at=at, event=event, language=language)
    wording.delete()
    _tell()
    return True


def _tell() -> None:
    look_again_for_rewording()  # for the letters of this transaction
    on_commit(look_again_for_rewording)
