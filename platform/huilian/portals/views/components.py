"""The page that shows every part of the design system."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import segno
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from huilian.portals.drawing.charts import Chart, Series, bar_chart, line_chart, ranking_chart
from huilian.portals.forms.specimen import SpecimenForm
from huilian.portals.forms.widgets import DayInput
from huilian.portals.shapes import Column, Fact, Link, Row, Step, Tile
from huilian.portals.templatetags.huilian_tags import day

_LAYOUTS = {"front": "huilian/base.html", "console": "huilian/base_console.html"}
_MONTHS = [f"{month:02}" for month in range(1, 13)]
_TONES = ("good", "info", "warn", "bad", "quiet")


class SpecimenFilter(forms.Form):
    """The filters above the specimen table."""

    q = forms.CharField(label=_("Name or number"), required=False)
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All")), ("senior", _("Senior member"))]
    )
    since = forms.DateField(label=_("Since"), required=False, widget=DayInput)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every part, between the front door's or (`?layout=console`) the console's edges, or the poster."""
    layout = request.GET.get("layout", "front")
    if layout == "poster":
        return render(request, "huilian/specimen_poster.html", {"qr": _qr()})
    context: dict[str, Any] = {
        "layout": _LAYOUTS.get(layout, _LAYOUTS["front"]),
        "header_actions": [
            Link(_("Apply to join"), "#forms", look="main"),
            Link(_("Print"), "#print", icon="print"),
        ],
        "form": SpecimenForm(request.GET) if "errors" in request.GET else SpecimenForm(),
        "steps": _steps(),
        "columns": _columns(),
        "rows": _rows(),
        "total": Row([_("Together"), "", "", "¥250.00"]),
        "page": Paginator(range(1234), 20).get_page(request.GET.get("page", 7)),
        "filters": SpecimenFilter(request.GET),
        "tones": _TONES,
        "empty_actions": [Link(_("Make the first code"), "#", look="main")],
        "tiles": _tiles(),
        "charts": _charts(),
        "facts": _facts(),
        "account": _account(),
        "qr": _qr(),
        "qr_actions": [Link("PNG", "#", icon="down"), Link("SVG", "#", icon="down")],
        "key_facts": [Fact(_("Next application"), "j"), Fact(_("Endorse"), "e")],
    }
    return render(request, "huilian/components.html", context)


def _qr() -> SafeString:
    out = BytesIO()
    segno.make("https://hq.example/r/ZJ-7K3M-2Q", error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, border=0, omitsize=True
    )
    return SafeString(out.getvalue().decode())


def _steps() -> list[Step]:
    return [
        Step(_("Application submitted"), "done", actor="李明", at=date(2026, 3, 2)),
        Step(_("Endorsed by the society"), "done", actor=_("Zhejiang"), at=date(2026, 3, 4)),
        Step(_("Reviewed by headquarters"), "late", actor=_("Headquarters"), due_on=date(2026, 3, 9)),
        Step(_("Dues paid"), "current", actor="李明", due_on=date(2026, 3, 20), note=_("100 CNY for one year.")),
        Step(pgettext_lazy("step", "Member"), "todo", due_on=date(2026, 3, 25)),
    ]


def _columns() -> list[Column]:
    return [
        Column(_("Name"), sort_url="?sort=name", sorted="ascending"),
        Column(_("Category"), sort_url="?sort=category"),
        Column(_("Number")),
        Column(_("Dues"), numeric=True),
    ]


def _rows() -> list[Row]:
    return [
        Row(["王静仪", _("Senior member"), "E20 1000042 S", "¥100.00"], url="#"),
        Row(["单 䶮", _("Ordinary member"), "E20 1000043 M", "¥50.00"], url="#"),
        Row(["Ferdinand Müller-Lüdenscheidt", _("Senior member"), "E20 1000044 S", "¥100.00"], url="#"),
    ]


def _tiles() -> list[Tile]:
    return [
        Tile(_("Members in standing"), 90218, url="#", change=_("312 more than last month"), tone="good"),
        Tile(_("Open applications"), 147, url="#", change=_("9 past their clock"), tone="bad"),
        Tile(_("Dues this year"), "¥4,512,300", url="#"),
        Tile(_("Median time to decide"), 2.5, unit=_("working days")),
    ]


def _charts() -> list[Chart]:
    joined = [120, 95, 210, 340, 280, 190, 160, 150, 420, 510, 380, 260]
    left = [20, 35, 28, 31, 40, 22, 18, 25, 30, 44, 39, 60]
    return [
        bar_chart(_("New members by month"), _MONTHS, [Series(_("Members"), joined)], over=_("Month")),
        bar_chart(
            _("New members by category"),
            _MONTHS,
            [
                Series(_("Student member"), [value // 2 for value in joined]),
                Series(_("Ordinary member"), [value // 3 for value in joined]),
                Series(_("Senior member"), left),
            ],
            over=_("Month"),
            stacked=True,
        ),
        line_chart(
            _("Joined and left"),
            _MONTHS,
            [Series(_("Joined"), [*joined[:9], None, None, None]), Series(_("Left"), left)],
            over=_("Month"),
            note=_("The last three months are not yet counted."),
        ),
        ranking_chart(
            _("Members by society"),
            [_("Welding"), _("Zhejiang"), _("Tribology")],
            [18210, 12877, 4310],
            measure=_("Members"),
            over=_("Society"),
            urls=["#", "#", "#"],
        ),
    ]


def _facts() -> list[Fact]:
    return [
        Fact(_("Name"), "王静仪"),
        Fact(_("Member number"), "E201000042S", copy=True),
        Fact(_("Period"), f"{day(date(2026, 1, 1))} – {day(date(2026, 12, 31))}"),
        Fact(_("Recommended by"), _("Zhejiang"), url="#"),
    ]


def _account() -> list[Fact]:
    return [
        Fact(_("Payee"), "中国机械工程学会", copy=True),
        Fact(_("Account number"), "0200 0076 0901 4418 233", copy="0200007609014418233"),
        Fact(_("Bank"), "中国工商银行北京紫竹院支行", copy=True),
        Fact(_("Amount"), "¥100.00", copy="100.00"),
        Fact(_("Remark on the transfer"), "HF-2026-000147", copy=True),
    ]
