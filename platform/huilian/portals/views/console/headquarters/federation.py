"""Headquarters' overview: the federation in figures, each leading to the rows behind it."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from federation.ledger.models import Rollup
from federation.ledger.past import waited_on
from federation.ledger.queries import Summary, differing_societies, summary
from federation.queries import parked_messages
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import verbs_of
from huilian.portals.console.figures import months_up_to
from huilian.portals.console.past_figures import by_age
from huilian.portals.console.words import (
    category_names,
    listed,
    month_names,
    months_words,
    society_name,
    step_order,
    step_word,
)
from huilian.portals.drawing.charts import Chart, Series, bar_chart, line_chart, ranking_chart
from huilian.portals.drawing.scales import money_number, plain_number, short_money
from huilian.portals.shapes import Column, Link, Row, Tile, Words
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import show
from huilian.portals.wording import amount_words
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit import clock

_MOST_BARS = 12
_LEAGUE = 10


@require_safe
@staff("summary.see")
def overview(request: HttpRequest, user: User) -> HttpResponse:
    """Members, applications, fees and the desk, as of now; the books answer in a few queries at any size."""
    today = local_day(clock.now())
    scheme, sums, verbs = current_scheme(today), summary(on=today), verbs_of(user)
    context = {
        "today": today,
        "actions": [Link(_("Figures of a past day"), reverse("console_past"))],
        "tiles": _tiles(sums, scheme, today, cases="case.see" in verbs),
        "charts": [
            _by_society(sums),
            _by_category(sums, scheme),
            _by_month(sums, today),
            _fees_by_month(sums, scheme, today),
            _by_step(sums),
            by_age(waited_on(today)),
        ],
        "border": _border() if "reconcile.run" in verbs else [],
        "society_columns": [
            Column(_("Society")),
            Column(_("Members"), numeric=True),
            Column(_("Lapsed"), numeric=True),
            Column(_("Under way"), numeric=True),
            Column(_("Refused"), numeric=True),
            Column(_("Dues open"), numeric=True),
            Column(_("Dues received"), numeric=True),
        ],
        "societies": _societies(sums, scheme),
        "total": _total(sums, scheme),
        "league_columns": [Column(_("Referral code")), Column(_("Society")), Column(_("Members"), numeric=True)],
        "league": _league(),
    }
    return show(request, user, "federation.html", context)


def _border() -> list[Words]:
    """What is not in order at the border; nothing where all is: two queries."""
    parked, differing = parked_messages().count(), differing_societies()
    words: list[Words] = []
    if parked:
        said = ngettext(
            "%(count)s message is parked at headquarters", "%(count)s messages are parked at headquarters", parked
        )
        words.append(said % {"count": parked})
    if differing:
        names = {"societies": listed([society_name(number) for number in differing])}
        words.append(_("the books differ from those of %(societies)s") % names)
    return words


def _tiles(sums: Summary, scheme: Scheme, today: date, *, cases: bool) -> list[Tile]:
    joined, _amount = sums.months.get("joined", {}).get(today.replace(day=1), (0, 0))
    late = _("%(count)s past their clock") % {"count": sums.cases_overdue} if sums.cases_overdue else ""
    return [
        Tile(
            _("Members in standing"),
            sums.members,
            url=f"{reverse('console_roll')}?state=active",
            change=_("%(count)s joined this month") % {"count": joined} if joined else "",
            tone="good",
        ),
        Tile(
            _("Cases to decide"),
            sums.cases_open,
            url=reverse("console_cases") if cases else "",
            change=late,
            tone="bad",
        ),
        Tile(_("Applications under way"), sums.in_progress, url=reverse("console_federation_applications")),
        Tile(
            _("Dues received"),
            amount_words(sums.fees_settled_minor, scheme.currency),
            url=f"{reverse('console_fees')}?state=settled",
        ),
        Tile(
            _("Dues open"),
            amount_words(sums.fees_open_minor, scheme.currency),
            url=f"{reverse('console_fees')}?state=open",
        ),
    ]


def _by_society(sums: Summary) -> Chart:
    ranked = sorted(sums.societies.values(), key=lambda each: (-each.members, each.number))[:_MOST_BARS]
    shown = [each for each in ranked if each.members]
    return ranking_chart(
        _("Members by society"),
        [society_name(each.number) for each in shown],
        [each.members for each in shown],
        measure=_("Members"),
        over=_("Society"),
        note=_("The largest twelve.") if len(sums.societies) > _MOST_BARS else "",
        urls=[f"{reverse('console_roll')}?society={each.number}&state=active" for each in shown],
    )


def _by_category(sums: Summary, scheme: Scheme) -> Chart:
    names, counts = category_names(scheme), sums.members_by_category
    codes = [code for code in [*names, *(each for each in counts if each not in names)] if counts.get(code)]
    return bar_chart(
        _("Members by category"),
        [names.get(code, code) for code in codes],
        [Series(_("Members"), [counts[code] for code in codes])],
        over=_("Category"),
        urls=[f"{reverse('console_roll')}?category={code}&state=active" for code in codes],
    )


def _by_month(sums: Summary, today: date) -> Chart:
    months = months_up_to(today)
    series = [
        Series(label, [sums.months.get(measure, {}).get(month, (0, 0))[0] for month in months])
        for label, measure in ((_("Applications"), "submitted"), (_("New members"), "joined"))
    ]
    return line_chart(
        _("Applications and new members by month"),
        month_names(months),
        series,
        over=_("Month"),
        note=months_words(months),
    )


def _fees_by_month(sums: Summary, scheme: Scheme, today: date) -> Chart:
    months = months_up_to(today)
    settled = sums.months.get("settled", {})
    amounts = [settled.get(month, (0, 0))[1] for month in months]
    known = any(amounts)  # without any there is no scale to draw
    return bar_chart(
        _("Dues received by month"),
        month_names(months) if known else [],
        [Series(_("Dues received"), amounts if known else [])],
        over=_("Month"),
        note=months_words(months),
        write=money_number(scheme.currency),
        write_tick=short_money(scheme.currency),
    )


def _by_step(sums: Summary) -> Chart:
    steps = sorted(sums.applications_by_step.items(), key=lambda each: step_order(each[0]))
    return ranking_chart(
        _("Applications under way by step"),
        [step_word(step) for step, _count in steps],
        [count for _step, count in steps],
        measure=_("Applications"),
        over=_("Step"),
        urls=[f"{reverse('console_federation_applications')}?step={step}" for step, _count in steps],
    )


def _societies(sums: Summary, scheme: Scheme) -> list[Row]:
    """A row for each society, whose every figure leads to the rows it counts."""
    roll, fees = reverse("console_roll"), reverse("console_fees")
    applications = reverse("console_federation_applications")
    return [
        Row(
            [
                f"{each.number} {society_name(each.number)}",
                _way(each.members, f"{roll}?society={each.number}&state=active"),
                _way(each.lapsed, f"{roll}?society={each.number}&state=lapsed"),
                _way(each.in_progress, f"{applications}?society={each.number}"),
                _way(each.refused, f"{applications}?society={each.number}&state=refused"),
                _way(each.fees_open_minor, f"{fees}?society={each.number}&state=open", scheme.currency),
                _way(each.fees_settled_minor, f"{fees}?society={each.number}&state=settled", scheme.currency),
            ],
            f"{roll}?society={each.number}",
        )
        for each in sorted(sums.societies.values(), key=lambda each: each.number)
    ]


def _way(number: int, url: str, currency: str = "") -> SafeString | str:
    """A figure that leads to its rows, where it counts any."""
    words = amount_words(number, currency) if currency else plain_number(number)
    return format_html('<a href="{}">{}</a>', url, words) if number else words


def _total(sums: Summary, scheme: Scheme) -> Row | None:
    if not sums.societies:
        return None
    every = sums.societies.values()
    return Row(
        [
            _("Together"),
            sums.members,
            sum(each.lapsed for each in every),
            sums.in_progress,
            sum(each.refused for each in every),
            amount_words(sums.fees_open_minor, scheme.currency),
            amount_words(sums.fees_settled_minor, scheme.currency),
        ]
    )


def _league() -> list[Row]:
    """The codes that brought most members."""
    best = Rollup.objects.filter(measure="referred", month=None, count__gt=0).order_by("-count", "cut")[:_LEAGUE]
    roll = reverse("console_roll")
    return [
        Row([each.cut, society_name(each.society), each.count], f"{roll}?society={each.society}&code={each.cut}")
        for each in best
    ]
