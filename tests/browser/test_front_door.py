"""The first visit: what it takes of a telephone's line, and how it looks."""

import pytest
from playwright.sync_api import expect

from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.words import Language

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_BYTES = 60 * 1024


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("society", ["hq", "welding"])
def test_the_first_visit_takes_little(entrance: Entrance, society: str, language: Language) -> None:
    """Everything that comes over the wire, with headers, as the browser itself counts it."""
    visitor = entrance.visitor(language, PHONE)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    visitor.page.goto(entrance.demo.hosts[society], wait_until="networkidle")
    print(f"{society} {language}: {sum(sizes.values()):.0f} bytes in {len(sizes)} answers")
    assert len(sizes) >= 3, "page, style and script were seen"
    assert sum(sizes.values()) <= MOST_BYTES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_buttons_of_a_row_stand_at_one_height(entrance: Entrance, language: Language) -> None:
    """However much of a card is unfolded, its button stays at the foot, beside its neighbour's."""
    visitor = entrance.visitor(language, DESK)
    visitor.open(entrance.demo.hosts["hq"])
    cards = visitor.page.get_by_role("main").get_by_role("article")
    cards.nth(1).locator("summary").first.click()
    heights = cards.locator("footer").evaluate_all(
        "feet => feet.map(foot => Math.round(foot.getBoundingClientRect().y))"
    )
    assert len(heights) == 4 and heights[0] == heights[1] and heights[2] == heights[3], heights


def test_a_password_is_shown_to_who_asks(entrance: Entrance) -> None:
    visitor = entrance.visitor("zh", PHONE)
    visitor.open(f"{entrance.demo.hosts['welding']}sign-in/")
    entry = visitor.label(visitor.words("Password"))
    expect(entry).to_have_attribute("type", "password")
    visitor.label(visitor.words("Show the password")).check()
    expect(entry).to_have_attribute("type", "text")
    visitor.label(visitor.words("Show the password")).uncheck()
    expect(entry).to_have_attribute("type", "password")
