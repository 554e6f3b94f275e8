"""A person in front of a page: reads labels, presses what is written on buttons, sees what is shown."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.inspecting import Inspector
from tests.browser.words import Words

PATIENCE = 20_000  # milliseconds; messages travel meanwhile, and others may be at work on the machine


@dataclass
class Visitor:
    """Every page that the visitor comes to is inspected."""

    page: Page
    words: Words
    inspector: Inspector
    has_scripts: bool = True

    def open(self, url: str) -> None:
        """Type an address."""
        self.page.goto(url)
        self.look()

    def look(self) -> None:
        """Look the page over; what looks is itself a script."""
        if self.has_scripts:
            self.inspector.look(self.page, language=self.words.language)

    def go(self, target: Locator) -> None:
        """Press what leads to another page, and look at where it leads."""
        with self.page.expect_navigation():
            target.click()
        self.look()

    def press(self, source: str, /, within: Locator | None = None, **facts: object) -> None:
        """Press the button that says this."""
        self.go(self.button(source, within, **facts))

    def press_beginning(self, source: str, within: Locator | None = None) -> None:
        """Press the one button that begins with this, and goes on with what it is about."""
        name = re.compile(rf"^{re.escape(self.words(source))}")
        self.go((within or self.page).get_by_role("button", name=name))

    def follow(self, source: str, /, within: Locator | None = None, **facts: object) -> None:
        """Follow the link that says this."""
        self.follow_named(self.words(source, **facts), within)

    def follow_named(self, name: str, within: Locator | None = None) -> None:
        """Follow the link that says this in so many words."""
        self.go((within or self.page).get_by_role("link", name=name, exact=True))

    def button(self, source: str, /, within: Locator | None = None, **facts: object) -> Locator:
        """The button that says this."""
        return (within or self.page).get_by_role("button", name=self.words(source, **facts), exact=True)

    def label(self, text: str, within: Locator | None = None) -> Locator:
        """The field under a label, whether it may be left out or not."""
        optional = re.escape(self.words("(optional)"))
        return (within or self.page).get_by_label(re.compile(rf"^\s*{re.escape(text)}\s*({optional})?\s*$"))

    def fill(self, source: str, value: str, **facts: object) -> None:
        """Write into the field under a label."""
        self.label(self.words(source, **facts)).fill(value)

    def region(self, source: str, /, **facts: object) -> Locator:
        """The card of this title."""
        return self.page.get_by_role("region", name=self.words(source, **facts), exact=True)

    def reads(self, source: str, /, **facts: object) -> None:
        """Fail unless the page says this."""
        self.reads_named(self.words(source, **facts))

    def reads_named(self, words: str) -> None:
        """Fail unless the page says this, in so many words."""
        expect(self.page.get_by_role("main")).to_contain_text(words, timeout=PATIENCE)
