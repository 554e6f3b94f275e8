"""The figures of a past day: chosen by a date, exact from a day on, in words, as a file."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from openpyxl import load_workbook

from federation.ledger.models import HistoryStart
from federation.ledger.projecting import FEES, MEMBERS
from huilian.accounts.models import Role
from kit import clock
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import AT, fee, member
from tests.portals.console.desk import Desk, at_desk

PAGE = "/console/federation/past/"


@pytest.fixture
def zhao(federation: Federation) -> Desk:
    with federation.inside(federation.hq), transaction.atomic():
        MEMBERS.apply([(member(1), "101", AT), (member(2, month=2), "101", AT), (member(3, month=2), "201", AT)])
        MEMBERS.apply([(member(2, month=2, version=2, category="senior"), "101", clock.now())])
        FEES.apply([(fee(1, state="settled"), "100", AT), (fee(2), "100", AT)])
    return at_desk(federation.hq, Role.OFFICER, "赵敏")


def tiles(desk: Desk) -> dict[str, str]:
    found = re.findall(r'class="tile"><span>([^<]*)</span><b>([^<]*)', desk.text)
    return {name: value.strip() for name, value in found}


def lines(page: Any) -> list[list[str]]:
    text = b"".join(page.streaming_content).decode().removeprefix("\ufeff")
    return [line.split(",") for line in text.splitlines()]


def test_the_day_is_today_unless_another_is_chosen(zhao: Desk) -> None:
    zhao.get(PAGE)
    today = clock.today("Asia/Shanghai")
    assert f'name="as_of" value="{today.isoformat()}"' in zhao.text
    assert tiles(zhao)["Members in standing"] == "3"
    zhao.get(PAGE, {"as_of": "2026-01-31"})
    assert "How the federation stood at the end of 31 January 2026." in zhao.words
    assert tiles(zhao) == {
        "Members in standing": "1",
        "Applications under way": "0",
        "Cases to decide": "0",
        "Dues received until then": "CNY 0.00",
        "Dues open": "CNY 0.00",
    }
    zhao.get(PAGE, {"as_of": "2026-03-01"})
    assert tiles(zhao)["Dues received until then"] == "CNY 50.00"
    assert tiles(zhao)["Dues open"] == "CNY 50.00"
    assert "Ordinary member 3 0 0 0 0 CNY 50.00 CNY 50.00 Together 3" in zhao.words
    assert "201 Zhejiang Society of Mechanical Engineering 1 0 0" in zhao.words


def test_one_society_and_the_way_to_it(zhao: Desk) -> None:
    zhao.get(PAGE, {"as_of": "2026-02-28"})
    way = f'{PAGE}?as_of=2026-02-28&amp;society=101"'
    assert way in zhao.text
    zhao.get(PAGE, {"as_of": "2026-02-28", "society": "101"})
    assert tiles(zhao)["Members in standing"] == "2"
    assert "Zhejiang Society of Mechanical Engineering 1" not in zhao.words


@pytest.mark.parametrize(
    ("begun", "day", "words"),
    [
        (None, "2026-01-31", "Every change has been kept with its day since these books began."),
        ("2026-01-31", "2026-01-31", "Every change has been kept with its day since 31 January 2026."),
        ("2026-02-01", "2026-01-31", "Exact from 1 February 2026 on, when headquarters began"),
    ],
)
def test_it_says_since_when_it_is_exact(
    federation: Federation, zhao: Desk, begun: str | None, day: str, words: str
) -> None:
    if begun:
        with federation.inside(federation.hq):
            HistoryStart.objects.create(on=date.fromisoformat(begun))
    zhao.get(PAGE, {"as_of": day})
    assert words in zhao.words


@pytest.mark.parametrize("wrong", ["1899-12-31", "tomorrow", "2026-02-30", "2999-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_cannot_be_is_said_beside_the_field(zhao: Desk, wrong: str) -> None:
    zhao.get(PAGE, {"as_of": wrong})
    assert zhao.page.status_code == 200
    assert re.search(r"Choose a day between 1900 and today|Enter a valid date", zhao.words)
    assert tiles(zhao)["Members in standing"] == "3"
    zhao.get(f"{PAGE}figures.csv", {"as_of": wrong})
    assert zhao.page.status_code == 302


def test_tomorrow_is_not_told(zhao: Desk) -> None:
    zhao.get(PAGE, {"as_of": (clock.today("Asia/Shanghai") + timedelta(days=1)).isoformat()})
    assert "Choose a day between 1900 and today." in zhao.words


def test_the_file(zhao: Desk) -> None:
    page: Any = zhao.get(f"{PAGE}figures.csv", {"as_of": "2026-03-01"})
    assert page["Content-Disposition"] == 'attachment; filename="figures-2026-03-01.csv"'
    head, *rows = lines(page)
    assert head[:5] == ["Day", "Number", "Society", "Category", "Members in standing"]
    assert head[-2:] == ["Dues open (CNY)", "Dues received until then (CNY)"]
    assert rows == [
        ["2026-03-01", "101", "Welding Branch", "Ordinary member", *"20000", "50", "50"],
        ["2026-03-01", "201", "Zhejiang Society of Mechanical Engineering", "Ordinary member", *"10000", "0", "0"],
    ]
    page = zhao.get(f"{PAGE}figures.xlsx", {"as_of": "2026-03-01", "society": "201"})
    sheet: Any = load_workbook(BytesIO(b"".join(page.streaming_content))).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1:] for row in found] == [
        ["201", "Zhejiang Society of Mechanical Engineering", "Ordinary member", 1, 0, 0, 0, 0, 0, 0]
    ]


def test_the_overview_leads_to_it(zhao: Desk) -> None:
    zhao.get("/console/federation/")
    assert f'href="{PAGE}"' in zhao.text
