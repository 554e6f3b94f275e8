"""What a scheme must fulfil to be published, beyond being well written."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huilian.schemes.document import Scheme
from huilian.schemes.loading import check_document
from huilian.schemes.problems import Problem, SchemeProblems, gettext_noop
from kit.errors import Refusal

if TYPE_CHECKING:
    from huilian.schemes.models import SchemeVersion


def check_scheme(scheme: Scheme) -> None:
    """Refuse a scheme that could not have been read from a file, or that promises what nobody can keep."""
    check_document(scheme)
    problems = _route_problems(scheme)
    if problems:
        raise SchemeProblems(problems)


def check_successor(scheme: Scheme, published: Sequence["SchemeVersion"]) -> None:
    """A new version belongs to the same federation, counts upward and does not reach behind the last one."""
    for earlier in published:
        if earlier.key != scheme.key:
            raise Refusal(
                "scheme_other_federation",
                _("One installation is one federation: here it is “%(key)s”, not “%(other)s”."),
                field="key",
                key=earlier.key,
                other=scheme.key,
            )
        if earlier.version >= scheme.version:
            raise Refusal(
                "scheme_version_taken",
                _("Version %(version)s is published already; the next one is %(next)s."),
                field="version",
                status=409,
                version=earlier.version,
                next=max(each.version for each in published) + 1,
            )
        if earlier.effective_on > scheme.effective_on:
            raise Refusal(
                "scheme_out_of_order",
                _("Version %(version)s takes effect on %(day)s; a later version cannot take effect before it."),
                field="effective_on",
                version=earlier.version,
                day=earlier.effective_on,
            )


def _route_problems(scheme: Scheme) -> list[Problem]:
    # A voucher is confirmed or rejected as it comes; a verdict in between would leave the money in the air.
    template = gettext_noop("confirm follows pay directly; put this step before pay or after confirm")
    return [
        Problem(f"categories.{category.code}.route[{index + 1}]", template)
        for category in scheme.categories
        for index, (step, following) in enumerate(pairwise(category.route))
        if step.kind == "pay" and following.kind != "confirm"
    ]
