"""Publishing a scheme from headquarters, receiving it in a society, and keeping the calendar of working days."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.contracts import SchemePublished
from federation.outbox import publish
from huilian.journal.services import record
from huilian.schemes import rules
from huilian.schemes.document import Scheme
from huilian.schemes.models import Holiday, SchemeVersion
from huilian.schemes.queries import forget_schemes
from kit.clean_text import clean_text
from kit.errors import Refusal
from tenants import registry
from tenants.context import law, on_commit
from tenants.models import Society


@transaction.atomic
def publish_scheme(scheme: Scheme, *, by: str, at: datetime) -> SchemeVersion:
    """Put a version into force for the whole federation: kept here, and sent to every society that is open.

    Refuses `not_headquarters`, `scheme_invalid`, `scheme_other_federation`, `scheme_version_taken`,
    `scheme_out_of_order`.
    """
    if not law().aggregates:
        raise Refusal(
            "not_headquarters",
            _("The federation's scheme is published by headquarters only."),
            status=403,
        )
    rules.check_scheme(scheme)
    rules.check_successor(scheme, list(SchemeVersion.objects.filter(own=False)))
    message = _message(scheme)
    stored = _store(message, at=at)
    for society in registry.street_map().by_number.values():
        if society.state != Society.State.OPENING:
            publish(message, to=society.number)
    record("scheme.published", stored, by=by, at=at, version=scheme.version, effective_on=scheme.effective_on)
    return stored


@transaction.atomic
def send_schemes(*, to: str) -> int:
    """Send every version published so far to a society that has just opened; says how many."""
    stored = SchemeVersion.objects.filter(own=False).order_by("version")
    for version in stored:
        publish(_message(Scheme.from_data(version.document)), to=to)
    return len(stored)


@transaction.atomic
def receive_scheme(message: SchemePublished, *, at: datetime) -> SchemeVersion:
    """Keep a published version; received again it changes nothing, received differently it is refused."""
    stored = SchemeVersion.objects.filter(key=message.key, version=message.number).first()
    if stored is not None:
        if Scheme.from_data(stored.document) != Scheme.from_data(message.document):
            raise Refusal(
                "scheme_version_taken",
                _("Version %(version)s of this scheme is published already, and says something else."),
                status=409,
                version=message.number,
            )
        return stored
    stored = _store(message, at=at)
    record(
        "scheme.received",
        stored,
        by="hq:scheme",
        at=at,
        version=message.number,
        effective_on=message.effective_on,
    )
    return stored


@transaction.atomic
def set_holiday(day: date, *, is_working: bool, label: str, by: str, at: datetime) -> Holiday:
    """Correct the working calendar for one day: closed, or a make-up workday."""
    text = clean_text(label, max_length=60, field="label")
    edited, _created = Holiday.objects.update_or_create(day=day, defaults={"is_working": is_working, "label": text})
    record("calendar.day_set", edited, by=by, at=at, day=day, is_working=is_working, label=text)
    _forget_now_and_on_commit()
    return edited


def _message(scheme: Scheme) -> SchemePublished:
    return SchemePublished(
        key=scheme.key, number=scheme.version, effective_on=scheme.effective_on, document=scheme.to_data()
    )


def _store(message: SchemePublished, *, at: datetime) -> SchemeVersion:
    # A document that cannot be read must not become the scheme in force.
    Scheme.from_data(message.document)
    stored = SchemeVersion.objects.create(
        key=message.key,
        version=message.number,
        effective_on=message.effective_on,
        document=message.document,
        published_at=at,
    )
    _forget_now_and_on_commit()
    return stored


def _forget_now_and_on_commit() -> None:
    forget_schemes()
    # Another thread may read the old rows between now and the commit.
    on_commit(forget_schemes)
