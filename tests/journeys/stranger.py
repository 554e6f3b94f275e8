"""A stranger at the front door, who knows nothing but the address and what the pages say."""

import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tests.journeys.browser import Browser, Entry
from tests.journeys.demo import Demo
from tests.journeys.office import Offices, until
from tests.journeys.pages import Page
from tests.journeys.people import Newcomer, answers_of, document, newcomer, picture

REQUIRED_PAPERS = {"senior": "qualification", "institutional": "registration", "individual": "cv"}
PROVEN = {"institutional": "representative_phone", "individual": "email"}


@dataclass
class Stranger:
    """One newcomer with a browser; `offices` is where the letters are read, as no letter leaves the machine."""

    demo: Demo
    offices: Offices
    who: Newcomer = field(default_factory=newcomer)
    browser: Browser = field(default_factory=Browser)
    handed_in_at: float = 0.0  # of the clock that only goes forward: all that was done before is no part of the act

    def come_by_code(self, code: str, category: str) -> Page:
        """Scan a QR code, which leads to its society, and choose the category there."""
        self.browser.open(f"{self.demo.hosts['hq']}r/{code}/")
        return self.browser.follow(f"category={category}")

    def come_by_list(self, category: str, channel: str, number: str) -> Page:
        """Choose the category, then a society from the list of a channel."""
        self._choose(category)
        return self.browser.follow(f"channel={channel}&society={number}")

    def come_by_headquarters(self, category: str) -> Page:
        """Choose the category, then headquarters itself; where there is no other door, nobody asks."""
        page = self._choose(category)
        return page if urlsplit(page.url).path == "/apply/" else self.browser.follow("channel=headquarters")

    def come_by_member(self, category: str, *, name: str, number: str) -> Page:
        """Choose the category, then name who recommends."""
        page = self._choose(category)
        form = next(form for form in page.forms if form.values.get("channel") == ["member"])
        return self.browser.send(form, recommender_name=name, recommender_number=number)

    def hand_in(self, category: str) -> Page:
        """Fill in the form, prove the phone or e-mail by the code in the letter, attach papers, submit."""
        page = self.browser.page
        assert urlsplit(page.url).path == "/apply/", (page.url, page.words[:600])
        answers: dict[str, Entry] = {**answers_of(self.who, category)}
        by = PROVEN.get(category, "mobile")
        page = self.browser.send_entries(page.form("confirm"), answers, press=("by", by))
        assert page.status == 200, page.words[:900]
        contact = self.who.email if by == "email" else self.who.mobile
        form = page.form("confirm")
        answers["code"] = self.offices.code_sent_to(self.society, contact)
        answers |= {name: "on" for name in form.names if name.startswith("consent:")}
        if category in REQUIRED_PAPERS:
            answers[f"paper:{REQUIRED_PAPERS[category]}"] = document()
        self.handed_in_at = time.monotonic()
        return self.browser.send_entries(form, answers, press=("act", "submit"))

    def set_password(self) -> Page:
        """Set the first password, on the page that thanks for the application."""
        page = self.browser.send(self.browser.page.form("password"), password=self.who.password)
        assert "Your new password is set." in page.words, page.words[:600]
        return page

    def pay(self, *, years: int, amount: str) -> str:
        """Go to the cashier, choose the years, report the transfer with a voucher; returns the bill's number."""
        self.browser.open("/my/")
        self.browser.follow("/pay/")
        page = until(self._bill, "the bill at the cashier")
        if years > 1:
            page = self.browser.send(page.form("years"), ("years", str(years)))
        assert amount in page.words, (amount, page.words[:900])
        number = re.search(r"\bB\d{4}-\d+\b", page.words)
        assert number, page.words[:900]
        form = page.form("voucher")
        today = self.today()
        page = self.browser.send(form, payer_name=self.who.name, transferred_on=today, voucher=picture())
        assert page.status == 200 and "We have your voucher" in page.words, page.words[:900]
        return number[0]

    def come_back(self) -> Page:
        """Another day, another browser: sign in at headquarters, and be led home."""
        self.browser = Browser()
        page = self.browser.open(f"{self.demo.hosts['hq']}sign-in/")
        page = self.browser.send(page.form("identifier"), identifier=self.who.mobile, password=self.who.password)
        return self.browser.send(page.form("ticket"))

    @property
    def society(self) -> str:
        """The slug of the society on whose pages the stranger is."""
        return urlsplit(self.browser.page.url).netloc.partition(".")[0]

    @property
    def application(self) -> str:
        """The application that the page shown has just received."""
        return self.browser.page.url.rstrip("/").rpartition("/")[2]

    def today(self) -> str:
        """The date on the wall of the federation's office."""
        return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()

    def _choose(self, category: str) -> Page:
        self.browser.open(f"{self.demo.hosts['hq']}join/")
        return self.browser.follow(f"category={category}")

    def _bill(self) -> Page | None:
        page = self.browser.open(self.browser.page.url)
        return page if any("voucher" in form.names for form in page.forms) else None
