"""What every office does at the console: go from place to place, look at a code, be kept out."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

CODE = re.compile(r"\b\d{3}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")


def go_to(staff: Visitor, place: str) -> None:
    """Follow the side navigation, unfolding it first on a phone."""
    side = staff.page.get_by_role("navigation", name=staff.words("Console"))
    if not side.is_visible():
        staff.page.get_by_text(staff.words("Menu"), exact=True).click()
    staff.go(side.get_by_role("link", name=re.compile(rf"^{re.escape(staff.words(place))}\s*\d*$")))


def shown_code(staff: Visitor) -> str:
    """The code on the page, whose QR code is there as well."""
    found = CODE.search(staff.page.get_by_role("main").inner_text())
    assert found
    alt = staff.words("QR code of the referral code %(code)s", code=found[0])
    expect(staff.page.get_by_role("img", name=alt)).to_be_visible()
    return found[0]


def is_not_open_to(staff: Visitor, url: str) -> None:
    """The address answers with a page that says why it shows nothing."""
    answer = staff.page.goto(url)
    assert answer and answer.status == 403, url
    staff.look()
    staff.reads("Your role does not allow this.")
    staff.page.go_back()
