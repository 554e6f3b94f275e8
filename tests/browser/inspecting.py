"""What must be true of every page: nothing for axe-core to find, no sideways scrolling, no other host, no faults."""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Parts of an address that differ from row to row of a list.
_ROW = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[1-9]\d\d(?:-[0-9A-Z]+)+)(?=/|$)")
_OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},  # no tiny targets; left out by default
    "preload": False,  # there are no styles or media of other hosts to fetch
}
_LOCAL_SCHEMES = ("data", "blob", "about")


@dataclass
class Inspector:
    """Looks at the pages of a run; a kind of page that was looked at in a state is not looked at again."""

    port: int
    seen: set[tuple[object, ...]] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Listen to everything that pages of this browser ask for and complain about."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def look(self, page: Page, *, language: str) -> None:
        """Check the page as it is shown now."""
        check_reflow(page)
        kind = (kind_of(page.url), page.locator(".error-summary, dialog[open]").count(), language)
        if kind not in self.seen:
            self.seen.add(kind)
            check_accessible(page)

    def look_from_all_sides(self, page: Page, *, language: str, widths: tuple[int, int]) -> None:
        """Check the page at each width, whether or not its kind was looked at before."""
        size = page.viewport_size
        assert size
        for width in widths:
            page.set_viewport_size({"width": width, "height": size["height"]})
            check_reflow(page)
        page.set_viewport_size(size)
        check_accessible(page)
        self.seen.add((kind_of(page.url), 0, language))

    def verdict(self) -> None:
        """Fail with everything that was noticed since the last time."""
        noticed = [*(f"asked another host: {url}" for url in self.strangers), *self.faults]
        self.strangers.clear()
        self.faults.clear()
        assert not noticed, "\n".join(noticed)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in _LOCAL_SCHEMES:
            return
        if not (parts.hostname or "").endswith(".localhost") or parts.port != self.port:
            self.strangers.append(request.url)

    def _response(self, response: Response) -> None:
        # A page may refuse, in words; what a page is made of must be there.
        least = 500 if response.request.is_navigation_request() else 400
        if response.status >= least:
            self.faults.append(f"{response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")


def kind_of(url: str) -> str:
    """The address of a page without what differs from row to row; headquarters' pages are their own kinds."""
    parts = urlsplit(url)
    host = "hq" if (parts.hostname or "").startswith("hq.") else "society"
    return host + _ROW.sub("/*", parts.path)


def check_accessible(page: Page) -> None:
    """Fail with every violation that axe-core finds."""
    page.evaluate(f"if (!window.axe) {{ {_axe()} }}")
    found = page.evaluate("options => window.axe.run(document, options)", _OPTIONS)
    told = [
        f"  {violation['id']} ({violation['impact']}): {node['html'][:160]}\n    {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
    assert not told, f"{page.url} ({page.title()}):\n" + "\n".join(told)


def check_reflow(page: Page) -> None:
    """Fail where the page has to be pushed sideways."""
    needs, has = page.evaluate("[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]")
    assert needs <= has, f"{page.url} needs {needs} px of {has}: {page.evaluate(_WIDEST)}"


# The elements that reach furthest to the right, for the message.
_WIDEST = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .slice(0, 3).map(e => e.outerHTML.slice(0, 160))"""


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
