"""What the first visit takes of a telephone's line."""

import pytest

from tests.browser.entrance import PHONE, Entrance
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
