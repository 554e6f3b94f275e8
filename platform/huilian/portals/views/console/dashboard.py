"""The console's front: what waits for whoever looks, and how the society stands."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import codes_within_reach, verbs_of
from huilian.portals.console.figures import (
    MemberCounts,
    StepAge,
    joined_by_month,
    member_counts,
    months_up_to,
    open_steps,
)
from huilian.portals.console.words import actor_word, category_names, month_names, months_words, step_order, step_word
from huilian.portals.drawing.charts import Chart, Series, bar_chart
from huilian.portals.shapes import Column, Link, Row, Tile
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.codes import NO_CODE_YET, share_words
from huilian.portals.views.console.pages import show
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from referrals.queries import campaigns, total_funnel
from tenants.context import current

_FUNNEL_DAYS = 90
_CAMPAIGNS = 5


@require_safe
@staff("console.see")
def front(request: HttpRequest, user: User) -> HttpResponse:
    """Headquarters' officers begin with the federation, everyone else with their society."""
    if "summary.see" in verbs_of(user):
        return HttpResponseRedirect(reverse("console_federation"))
    return _society(request, user)


@require_safe
@staff("console.see")
def society(request: HttpRequest, user: User) -> HttpResponse:
    """How this society stands; headquarters has members of its own, too."""
    return _society(request, user)


def _society(request: HttpRequest, user: User) -> HttpResponse:
    verbs, today = verbs_of(user), local_day(clock.now())
    scheme = current_scheme(today)
    context: dict[str, Any] = {"title": current().name, "today": today, "tiles": [], "charts": []}
    if "application.see" in verbs:
        steps = open_steps(today)
        context |= _steps(steps)
        context["waiting"] = _waiting(steps)
        context["tiles"] += _application_tiles(steps)
    if "member.search" in verbs:
        counts, joined = member_counts(), joined_by_month(today)
        context["tiles"] = [*_member_tiles(counts, joined, today), *context["tiles"]]
        context["charts"] = [_joined_chart(scheme, joined, today), _category_chart(scheme, counts)]
    if "code.see" in verbs:
        context |= _codes(user, today, whole="member.search" in verbs)
    return show(request, user, "dashboard.html", context)


def _waiting(steps: Sequence[StepAge]) -> dict[str, object]:
    ours = [each for each in steps if each.actor == "society"]
    count, late = sum(each.count for each in ours), sum(each.late for each in ours)
    words = ngettext("%(count)s application waits for you", "%(count)s applications wait for you", count)
    of_them = ngettext("%(count)s of them is late", "%(count)s of them are late", late)
    return {
        "count": count,
        "words": words % {"count": count},
        "late": of_them % {"count": late} if late else "",
        "url": reverse("console_endorsements"),
    }


def _member_tiles(counts: MemberCounts, joined: dict[str, dict[date, int]], today: date) -> list[Tile]:
    members = reverse("console_members")
    this_month = sum(months.get(today.replace(day=1), 0) for months in joined.values())
    return [
        Tile(
            _("Members in standing"),
            counts.active,
            url=f"{members}?state=active",
            change=_("%(count)s joined this month") % {"count": this_month} if this_month else "",
            tone="good",
        ),
        Tile(_("Lapsed members"), counts.lapsed, url=f"{members}?state=lapsed"),
    ]


def _application_tiles(steps: Sequence[StepAge]) -> list[Tile]:
    late = sum(each.late for each in steps)
    return [
        Tile(
            _("Applications under way"),
            sum(each.count for each in steps),
            url=f"{reverse('console_applications')}?state=in_progress",
            change=_("%(count)s past their clock") % {"count": late} if late else "",
            tone="bad",
        )
    ]


def _steps(steps: Sequence[StepAge]) -> dict[str, object]:
    url = reverse("console_applications")
    return {
        "step_columns": [
            Column(_("Step")),
            Column(_("Whose turn")),
            Column(_("Applications"), numeric=True),
            Column(_("Late"), numeric=True),
        ],
        "steps": [
            Row(
                [step_word(each.step), actor_word(each.actor), each.count, each.late or ""],
                f"{url}?state=in_progress&step={each.step}",
            )
            for each in sorted(steps, key=lambda each: step_order(each.step))
        ],
    }


def _joined_chart(scheme: Scheme, joined: dict[str, dict[date, int]], today: date) -> Chart:
    months, names = months_up_to(today), category_names(scheme)
    codes = [*names, *(code for code in joined if code not in names)]
    return bar_chart(
        _("New members by month"),
        month_names(months),
        [
            Series(names.get(code, code), [joined[code].get(month, 0) for month in months])
            for code in codes
            if code in joined
        ],
        over=_("Month"),
        note=months_words(months),
        stacked=True,
    )


def _category_chart(scheme: Scheme, counts: MemberCounts) -> Chart:
    by_category, names = counts.by_category, category_names(scheme)
    codes = [code for code in names if by_category.get(code)]
    url = reverse("console_members")
    return bar_chart(
        _("Members in standing by category"),
        [names[code] for code in codes],
        [Series(_("Members"), [by_category[code] for code in codes])],
        over=_("Category"),
        urls=[f"{url}?state=active&category={code}" for code in codes],
    )


def _codes(user: User, today: date, *, whole: bool) -> dict[str, object]:
    """The funnel of all codes, for those who see all; and the campaigns that brought most."""
    may_mint = "code.mint" in verbs_of(user)
    brought = campaigns(codes_within_reach(user))
    best: Iterable[Any] = brought.order_by("-members", "-applications", "-created_at")[:_CAMPAIGNS]  # type: ignore[misc]
    tomorrow = today + timedelta(days=1)
    return {
        "funnel": total_funnel(from_on=today - timedelta(days=_FUNNEL_DAYS), to_on=tomorrow) if whole else None,
        "funnel_days": _FUNNEL_DAYS,
        "code_columns": [
            Column(_("Campaign")),
            Column(_("Scans"), numeric=True),
            Column(_("Applications"), numeric=True),
            Column(_("Members"), numeric=True),
            Column(_("Members per scan"), numeric=True),
        ],
        "codes": [
            Row(
                [code.label, code.scans, code.applications, code.members, share_words(code.members, code.scans)],
                reverse("console_code", args=[code.pk]),
            )
            for code in best
        ],
        "code_empty": "" if whole else NO_CODE_YET,
        "code_actions": [Link(_("New referral code"), reverse("console_code_new"), icon="qr")] if may_mint else [],
    }
