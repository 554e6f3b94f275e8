"""The membership scheme: what is in force, every version, and what changed between two."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import verbs_of
from huilian.portals.console.scheme_differences import difference_columns, difference_rows
from huilian.portals.console.words import (
    KIND_WORDS,
    NOTHING,
    actor_word,
    channel_names,
    in_ones_words,
    listed,
    step_word,
)
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import badge, day, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show, show_list
from huilian.portals.wording import amount_words, days_words, dues_words, in_readers_language, term_words
from huilian.schemes.comparing import compare
from huilian.schemes.document import Category, Scheme
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import current_scheme, scheme_version
from huilian.schemes.writing import write_scheme
from kit import clock
from tenants.context import current, law


@require_safe
@staff("console.see")
def schemes(request: HttpRequest, user: User) -> HttpResponse:
    """Every version that was published, newest first; one of them is in force."""
    today = local_day(clock.now())
    in_force = current_scheme(today).version
    page = page_of(request, SchemeVersion.objects.filter(own=False).order_by("-version"))
    rows = [
        Row(
            [
                _("Version %(version)s") % {"version": each.version},
                day(each.effective_on),
                _state(each, in_force, today),
                moment(each.published_at),
                _compare_link(each.version) if each.version > 1 else NOTHING,
            ],
            reverse("console_scheme", args=[each.version]),
        )
        for each in page
    ]
    return show_list(
        request,
        user,
        title=_("Membership scheme"),
        lead=_("Categories, dues, routes and clocks. A published version is never changed: a new one follows it."),
        columns=[
            Column(_("Version")),
            Column(_("In force from")),
            Column(_("State")),
            Column(_("Published")),
            Column(_("Changes")),
        ],
        rows=rows,
        page=page,
        actions=_publishing(user),
    )


def _publishing(user: User) -> list[Link]:
    """The ways to a next version, for those who may publish one."""
    if not (law().aggregates and "scheme.publish" in verbs_of(user)):
        return []
    return [
        Link(_("Change dues"), reverse("console_dues_change"), look="main"),
        Link(_("Publish a file"), reverse("console_scheme_upload"), icon="up"),
    ]


@require_safe
@staff("console.see")
def scheme(request: HttpRequest, user: User, version: int) -> HttpResponse:
    """One version, category by category."""
    stored = get_object_or_404(SchemeVersion, version=version, own=False)
    found, today = scheme_version(stored.version), local_day(clock.now())
    context = {
        "title": _("Version %(version)s") % {"version": version},
        "eyebrow": in_readers_language(found.name),
        "state": _state(stored, current_scheme(today).version, today),
        "facts": _facts(found, stored),
        "categories": [_category(found, category, today) for category in found.by_rank()],
        "dues_columns": [Column(_("From")), Column(_("Dues"), numeric=True), Column(_("Resolution"))],
        "back": Link(_("Membership scheme"), reverse("console_schemes")),
        "actions": [
            Link(_("Download as a file"), reverse("console_scheme_file", args=[version]), icon="down"),
        ],
    }
    return show(request, user, "scheme.html", context)


@require_safe
@staff("console.see")
def scheme_file(request: HttpRequest, user: User, version: int) -> HttpResponse:
    """The version as a file: edited, it can be published as the next one."""
    get_object_or_404(SchemeVersion, version=version, own=False)
    found = scheme_version(version)
    response = HttpResponse(write_scheme(found), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}-{found.version}.yaml"'
    return response


@require_safe
@staff("console.see")
def scheme_changes(request: HttpRequest, user: User, version: int) -> HttpResponse:
    """What a version changed, place by place, against the one before it or `?with=` another."""
    stored = get_object_or_404(SchemeVersion, version=version, own=False)
    given = request.GET.get("with", "")
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else version - 1
    other = get_object_or_404(SchemeVersion, version=wanted, own=False)
    later = scheme_version(stored.version)
    earlier = scheme_version(other.version)
    return show_list(
        request,
        user,
        title=_("Version %(old)s and version %(new)s") % {"old": other.version, "new": stored.version},
        columns=difference_columns(),
        rows=difference_rows(compare(earlier, later), earlier, later),
        back=Link(_("Membership scheme"), reverse("console_schemes")),
        empty_title=_("The two versions say the same"),
    )


def _state(version: SchemeVersion, in_force: int, today: date) -> SafeString:
    if version.version == in_force:
        return badge("active", label=gettext("in force"))
    if version.effective_on > today:
        return badge("pending", label=gettext("to come"), tone="info")
    return badge("closed", label=gettext("earlier"))


def _compare_link(version: int) -> SafeString:
    url = reverse("console_scheme_changes", args=[version])
    label = gettext("Compare with version %(version)s") % {"version": version - 1}
    return format_html('<a href="{}">{}</a>', url, label)


def _facts(found: Scheme, stored: SchemeVersion) -> list[Fact]:
    return [
        Fact(_("In force from"), day(stored.effective_on)),
        Fact(_("Published"), moment(stored.published_at)),
        Fact(_("Currency"), found.currency),
        Fact(_("Member numbers"), _number(found)),
        Fact(_("Channels"), listed(list(channel_names(found).values()))),
    ]


def _number(found: Scheme) -> str:
    """The number that the first member of the lowest category would have."""
    lowest = found.by_rank()[0]
    number = found.member_number.format(current().number, 1, lowest.grade_letter)
    return gettext("for example %(number)s (%(category)s)") % {
        "number": number,
        "category": in_readers_language(lowest.name),
    }


def _category(found: Scheme, category: Category, today: date) -> dict[str, object]:
    return {
        "code": category.code,
        "name": in_readers_language(category.name),
        "summary": in_readers_language(category.summary),
        "facts": [
            Fact(_("Kind"), KIND_WORDS.get(category.kind, category.kind)),
            Fact(_("Dues today"), dues_words(found.dues_on(category, today), found.currency)),
            Fact(_("Term"), term_words(category)),
            Fact(_("Rank"), category.rank),
        ],
        "route": [
            " · ".join(part for part in (step_word(step.kind), actor_word(step.actor), days_words(step)) if part)
            for step in category.route
        ],
        "dues_caption": pgettext("a fact and its value", "%(name)s: %(value)s")
        % {"name": gettext("Dues"), "value": in_readers_language(category.name)},
        "dues": [
            Row(
                [
                    day(row.effective_on),
                    amount_words(row.amount_minor, found.currency),
                    " · ".join(in_ones_words(words) for words in (row.resolution, row.meeting) if words),
                ]
            )
            for row in category.dues
        ],
    }
