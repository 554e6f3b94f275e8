"""Somebody who has a keyboard and nothing else, and always has to see where they are."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 120  # presses of Tab before one gives up
MOST_CHOICES = 40

# What the eye needs to find the place: a thick enough outline, on the screen.
_SEEN = """element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none'
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""


@dataclass
class Hands:
    """Every method presses keys of the keyboard only."""

    page: Page

    def reach(self, target: Locator) -> None:
        """Go on with Tab until the target has the focus, which must be plain to see."""
        expect(target).to_have_count(1)
        for _step in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                assert target.evaluate(_SEEN), f"nobody sees the focus on {target}"
                return
        raise AssertionError(f"{MOST_STEPS} presses of Tab do not lead to {target} on {self.page.url}")

    def press(self, target: Locator) -> None:
        """Go to what stays on the page, and press it."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def follow(self, target: Locator) -> None:
        """Go to a link or a button that leads to another page, and press it."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Go to a field, and type."""
        self.reach(target)
        self.page.keyboard.type(text)

    def choose(self, target: Locator, label: str) -> None:
        """Go to a list that folds out, and go down to a choice."""
        self.reach(target)
        for _step in range(MOST_CHOICES):
            if target.evaluate("list => list.selectedOptions[0].label") == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} is not in {target}")

    def tick(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Space")
        expect(target).to_be_checked()
