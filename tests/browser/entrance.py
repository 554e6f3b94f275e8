"""Browsers of visitors and of staff for one demonstration that runs."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext

from tests.browser.inspecting import Inspector
from tests.browser.visitor import PATIENCE, Visitor
from tests.browser.words import Language, Words
from tests.journeys.demo import Demo
from tests.journeys.office import Offices

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE, DESK = 375, 1280
HEIGHTS = {PHONE: 812, DESK: 900}


@dataclass
class Entrance:
    """Where visitors come from; each has a browser of its own."""

    browser: Browser
    demo: Demo
    offices: Offices = field(init=False)  # the same staff by HTTP and API, where a journey is not about them
    inspector: Inspector = field(init=False)
    _contexts: list[BrowserContext] = field(default_factory=list)
    _signed_in: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.offices = Offices(self.demo)
        port = urlsplit(self.demo.hosts["hq"]).port
        assert port
        self.inspector = Inspector(port)

    def visitor(self, language: Language, width: int, **options: Any) -> Visitor:
        """Somebody new, with a browser in a language and a window of a width."""
        size = {"width": width, "height": HEIGHTS[width]}
        context = self.browser.new_context(
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            viewport=size,  # type: ignore[arg-type]
            has_touch=width == PHONE,
            reduced_motion="reduce",  # no colour is looked at on its way to another
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.inspector.attach(context)
        self._contexts.append(context)
        has_scripts = bool(options.get("java_script_enabled", True))
        return Visitor(context.new_page(), Words(language), self.inspector, has_scripts)

    def staff(self, society: str, role: str, language: Language, width: int, **options: Any) -> Visitor:
        """A holder of an office at the console, signed in on the society's page."""
        state = self._signed_in.get((society, role))
        visitor = self.visitor(language, width, storage_state=state, **options)
        console = f"{self.demo.hosts[society]}console/"
        if state is None:
            name, password = self.demo.sign_in(society, role)
            self.sign_in(visitor, f"{self.demo.hosts[society]}sign-in/", name, password)
            visitor.page.wait_for_url(f"{console}**")
            self._signed_in[society, role] = visitor.page.context.storage_state()
        visitor.open(console)
        return visitor

    def sign_in(self, visitor: Visitor, url: str, name: str, password: str) -> None:
        """Write name and password into the form."""
        visitor.open(url)
        visitor.fill("Mobile number or e-mail", name)
        visitor.fill("Password", password)
        visitor.press("Sign in", visitor.page.get_by_role("main"))

    def close_all(self) -> None:
        """Everybody leaves."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
