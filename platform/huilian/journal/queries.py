"""Reading the journal, and proving that it is whole."""

from datetime import datetime

from django.db.models import QuerySet

from huilian.journal.chain import digest_of
from huilian.journal.models import JournalHead, Record
from huilian.journal.subjects import Subject, subject_of


def records_of(subject: Subject) -> QuerySet[Record]:
    """What was done to one thing, in order."""
    subject_type, subject_id = subject_of(subject)
    return Record.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("seq")


def search_records(
    *,
    verb: str = "",
    actor: str = "",
    subject_id: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Record]:
    """The journal, newest first; `verb` may be a family such as `application`."""
    found = Record.objects.order_by("-seq")
    if verb:
        found = found.filter(verb=verb) if "." in verb else found.filter(verb__startswith=f"{verb}.")
    if actor:
        found = found.filter(actor__icontains=actor)
    if subject_id:
        found = found.filter(subject_id=subject_id)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    return found


def verify(*, using: str = "default") -> int | None:
    """The first place in the chain that is missing or does not follow; None if the chain is whole."""
    # Read before the records: what is appended meanwhile lies beyond it.
    head = JournalHead.objects.using(using).first()
    last_seq, last_digest = (head.seq, head.digest) if head else (0, "")
    expected, previous = 1, ""
    for record in Record.objects.using(using).order_by("seq").iterator(chunk_size=1000):
        if record.seq != expected or record.digest != digest_of(previous, record):
            return expected
        if record.seq == last_seq and record.digest != last_digest:
            return expected
        expected, previous = expected + 1, record.digest
    return expected if expected <= last_seq else None
