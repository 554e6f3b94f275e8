"""Headquarters' figures in a browser: a past day, from figures to rows, institutions; by keyboard, on a phone."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.console import go_to
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.visitor import Visitor
from tests.browser.words import Language
from tests.journeys.books import office_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIDES: list[tuple[Language, int]] = [("zh", PHONE), ("en", DESK)]


def standing(staff: Visitor) -> int:
    """The figure of the tile of members in standing."""
    tile = staff.page.locator(".tile", has_text=staff.words("Members in standing")).locator("b")
    return int(tile.inner_text().replace(",", ""))


@pytest.mark.parametrize(("language", "width"), SIDES)
def test_an_officer_asks_how_it_stood(entrance: Entrance, language: Language, width: int) -> None:
    officer = entrance.staff("hq", "officer", language, width)
    now = standing(officer)
    officer.follow("Figures of a past day")
    day = officer.label(officer.words("Day"))
    assert day.input_value() == office_day().isoformat()
    officer.reads("Every change has been kept with its day since these books began.")
    assert standing(officer) >= now > 0
    day.fill((office_day() - timedelta(days=90)).isoformat())
    day.press("Enter")
    officer.page.wait_for_url("**as_of=*")
    officer.look()
    assert 0 < standing(officer) < now
    rows = officer.page.get_by_role("table", name=officer.words("Society by society"), exact=True)
    officer.go(rows.get_by_role("rowheader").get_by_role("link").first)
    expect(officer.page.get_by_label(officer.words("Society"), exact=True)).not_to_have_value("")
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name=officer.words("Export as CSV")).click()
    assert re.fullmatch(r"figures-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)


def test_a_day_that_is_not_yet_is_said_beside_the_field(entrance: Entrance) -> None:
    officer = entrance.staff("hq", "officer", "en", DESK)
    wrong = date(office_day().year + 2, 1, 1)
    officer.open(f"{entrance.demo.hosts['hq']}console/federation/past/?as_of={wrong.isoformat()}")
    officer.reads("Choose a day between 1900 and today.")


@pytest.mark.parametrize(("language", "width"), SIDES)
def test_figures_of_the_overview_lead_to_their_rows(entrance: Entrance, language: Language, width: int) -> None:
    officer = entrance.staff("hq", "officer", language, width)
    tile = officer.page.locator("a.tile", has_text=officer.words("Applications under way"))
    count = int(tile.locator("b").inner_text().replace(",", ""))
    tile.focus()
    with officer.page.expect_navigation():
        officer.page.keyboard.press("Enter")
    officer.look()
    shown = re.findall(r"\d+", officer.page.get_by_role("navigation", name=officer.words("Pages")).inner_text())
    assert str(count) in shown
    officer.label(officer.words("Step")).select_option("review")
    officer.press("Search")
    officer.go(officer.page.get_by_role("rowheader").get_by_role("link").first)
    officer.reads("Decision")


@pytest.mark.parametrize(("language", "width"), SIDES)
def test_an_institution_and_who_acts_for_it(entrance: Entrance, language: Language, width: int) -> None:
    officer = entrance.staff("hq", "officer", language, width)
    go_to(officer, "Institutions")
    officer.label(officer.words("Society")).select_option(entrance.demo.number_of("welding"))
    officer.press("Search")
    officer.go(officer.page.get_by_role("rowheader").get_by_role("link").first)
    named = officer.page.get_by_role("table", name=re.compile(rf"^{officer.words('Representatives')}"))
    expect(named.get_by_role("rowheader")).to_have_count(1)
    dues = officer.page.get_by_role("table", name=officer.words("Dues"), exact=True)
    expect(dues.get_by_role("rowheader").first).to_contain_text(re.compile(r"B\d{4}-"))


def test_the_law_of_the_societies_is_said(entrance: Entrance) -> None:
    owner = entrance.staff("hq", "owner", "zh", PHONE)
    go_to(owner, "Societies")
    owner.reads("What each kind of society may do")
    owner.reads("endorses; headquarters decides")
