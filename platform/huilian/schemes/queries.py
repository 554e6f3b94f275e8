"""Which scheme is in force here, what an older version said, and which days are working days."""

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from huilian.schemes.document import Calendar, Scheme, Text
from huilian.schemes.models import Holiday, SchemeVersion
from kit.calendar import WorkingCalendar, seed_calendar
from kit.clock import today
from kit.errors import Refusal
from tenants.context import current

# A holiday or a name entered in one process is known in every other within this time.
STALE_SECONDS = 60.0

_documents: dict[tuple[str, str, int], Scheme] = {}
_equal: dict[str, Scheme] = {}  # by digest: a hundred societies with the same scheme keep it in memory once
_names: dict[str, tuple[Text, float]] = {}  # by schema, and when it was read
_holidays: dict[str, "_Edits"] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Edits:
    holidays: frozenset[date]
    workdays: frozenset[date]
    read_at: float


def current_scheme(on: date | None = None) -> Scheme:
    """The version in force on a day, by default today; refuses `scheme_missing` before the first one."""
    day = on or today(current().time_zone)
    found = (
        SchemeVersion.objects.filter(own=False, effective_on__lte=day)
        .order_by("-effective_on", "-version")
        .values_list("key", "version")
        .first()
    )
    if found is None:
        raise Refusal(
            "scheme_missing",
            _("No membership scheme is in force here yet. Please come back later."),
            status=503,
        )
    return _document(*found)


def federation_name() -> Text | None:
    """What the federation is called, for every page of a society: asked once a minute, nothing before a scheme."""
    schema = current().schema_name
    name, read_at = _names.get(schema, (None, 0.0))
    if name is None or time.monotonic() - read_at > STALE_SECONDS:
        try:
            name = current_scheme().name
        except Refusal:
            return None
        _names[schema] = name, time.monotonic()
    return name


def scheme_version(version: int) -> Scheme:
    """A version that this society received; refuses an unknown one."""
    schema = current().schema_name
    for (of, _key, number), scheme in list(_documents.items()):
        if of == schema and number == version:
            return scheme
    key = SchemeVersion.objects.filter(own=False, version=version).values_list("key", flat=True).first()
    if key is None:
        raise Refusal(
            "scheme_version_unknown",
            _("Version %(version)s of the membership scheme has not arrived here."),
            version=version,
        )
    return _document(key, version)


def received_versions() -> list[tuple[str, int, date]]:
    """Every version here as (key, version, effective on), the newest first."""
    rows = SchemeVersion.objects.filter(own=False).order_by("-effective_on", "-version")
    return list(rows.values_list("key", "version", "effective_on"))


def forget_schemes() -> None:
    """Read the current society's schemes and holidays anew: after a change in this process."""
    schema = current().schema_name
    with _lock:
        for known in [known for known in _documents if known[0] == schema]:
            del _documents[known]
        _names.pop(schema, None)
        _holidays.pop(schema, None)


def working_calendar(country: Calendar | None = None, *, around: date | None = None) -> WorkingCalendar:
    """The working days of this society in the years `around` a day, by default today.

    They are those of the scheme's country as published, corrected by the society's own table.
    """
    day = around or today(current().time_zone)
    seeded = _seed(country or current_scheme(day).calendar, day.year)
    edits = _edits()
    return WorkingCalendar(
        holidays=(seeded.holidays - edits.workdays) | edits.holidays,
        workdays=(seeded.workdays - edits.holidays) | edits.workdays,
        known_years=seeded.known_years,
    )


def _document(key: str, version: int) -> Scheme:
    # A published version never changes, so it may be remembered for good.
    known = (current().schema_name, key, version)
    scheme = _documents.get(known)
    if scheme is None:
        read = Scheme.from_data(SchemeVersion.objects.get(key=key, version=version).document)
        digest = hashlib.sha256(read.to_json().encode()).hexdigest()
        scheme = _documents[known] = _equal.setdefault(digest, read)
    return scheme


@lru_cache(maxsize=16)
def _seed(country: Calendar, year: int) -> WorkingCalendar:
    # A route walks months ahead, and an old promise is counted again.
    return seed_calendar(country, range(year - 2, year + 3))


def _edits() -> _Edits:
    schema = current().schema_name
    edits = _holidays.get(schema)
    if edits is None or time.monotonic() - edits.read_at > STALE_SECONDS:
        rows = list(Holiday.objects.values_list("day", "is_working"))
        edits = _holidays[schema] = _Edits(
            holidays=frozenset(day for day, is_working in rows if not is_working),
            workdays=frozenset(day for day, is_working in rows if is_working),
            read_at=time.monotonic(),
        )
    return edits
