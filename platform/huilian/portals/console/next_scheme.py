"""The next version of the scheme, put together on a page: a new row of dues, or a file edited by hand."""

from dataclasses import dataclass
from datetime import date

import msgspec
from django.utils.translation import gettext_lazy as _

from huilian.schemes.comparing import Difference, compare
from huilian.schemes.document import DuesRow, Scheme
from huilian.schemes.loading import load_scheme
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import scheme_version
from huilian.schemes.rules import check_scheme, check_successor
from kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be published, and in what it differs from the version before."""

    scheme: Scheme
    before: Scheme
    differences: list[Difference]


def latest_scheme() -> Scheme:
    """The last version that was published, in force or still to come; Refusal `scheme_missing`."""
    version = SchemeVersion.objects.filter(own=False).order_by("-version").values_list("version", flat=True).first()
    if version is None:
        raise Refusal("scheme_missing", _("No membership scheme has been published yet."), status=503)
    return scheme_version(version)


def with_dues(
    before: Scheme,
    *,
    category: str,
    amount_minor: int,
    effective_on: date,
    resolution: str,
    meeting: str,
    resolved_on: date | None,
) -> Scheme:
    """The next version: `before` with another row of dues, in force from that row's day.

    A row of the same day is replaced. The period the dues are for stays that of the category's last row.
    """
    chosen = before.category(category)
    last = max(chosen.dues, key=lambda row: row.effective_on, default=None)
    row = DuesRow(
        effective_on=effective_on,
        amount_minor=amount_minor,
        resolution=resolution,
        meeting=meeting,
        resolved_on=resolved_on,
        period_years=last.period_years if last else 1,
    )
    kept = tuple(each for each in chosen.dues if each.effective_on != effective_on)
    dues = tuple(sorted((*kept, row), key=lambda each: each.effective_on))
    categories = tuple(
        msgspec.structs.replace(each, dues=dues) if each.code == category else each for each in before.categories
    )
    return msgspec.structs.replace(before, version=before.version + 1, effective_on=effective_on, categories=categories)


def from_file(before: Scheme, text: str, *, effective_on: date | None) -> Scheme:
    """The next version as a file has it; its number is the next one, whatever the file says.

    Raises `SchemeProblems` with everything that is wrong with it.
    """
    read = load_scheme(text)
    return msgspec.structs.replace(read, version=before.version + 1, effective_on=effective_on or read.effective_on)


def preview(scheme: Scheme, before: Scheme) -> Preview:
    """Check what publishing will check, and name the differences; Refusal `scheme_unchanged` where there are none."""
    check_scheme(scheme)
    check_successor(scheme, list(SchemeVersion.objects.filter(own=False)))
    differences = [each for each in compare(before, scheme) if each.place not in ("version", "effective_on")]
    if not differences:
        raise Refusal("scheme_unchanged", _("This says the same as version %(version)s."), version=before.version)
    return Preview(scheme=scheme, before=before, differences=differences)
