"""A newcomer who joins with a browser: chooses, fills in by the labels, proves the contact, pays by transfer."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from huilian.schemes.document import Category
from huilian.schemes.fields import CATALOGUE, choices_for
from tests.browser.entrance import Entrance
from tests.browser.visitor import PATIENCE, Visitor
from tests.browser.words import scheme
from tests.journeys.people import Newcomer, answers_of, document, newcomer, picture
from tests.journeys.stranger import PROVEN, REQUIRED_PAPERS


@dataclass
class Applicant:
    """Somebody at the front door of headquarters; letters are read on the staff's page, as none leaves the machine."""

    entrance: Entrance
    visitor: Visitor
    who: Newcomer = field(default_factory=newcomer)

    def choose_category(self, category: str) -> None:
        """From the front door to the choice of a channel."""
        visitor, name = self.visitor, self.visitor.words.category(category)
        visitor.open(self.entrance.demo.hosts["hq"])
        visitor.follow("Join", visitor.page.get_by_role("main"))
        card = visitor.page.get_by_role("article", name=name, exact=True)
        visitor.follow("Join as %(category)s", card, category=name)

    def choose_society(self, channel: str, name: str, *, searched: str = "") -> None:
        """Unfold a channel, find a society by what one knows of its name, choose it."""
        card = self._unfold(channel)
        if searched:
            card.get_by_label(self.visitor.words("Search by name or pinyin initials")).fill(searched)
            expect(card.get_by_role("link")).to_have_text([name])
            self.visitor.look()
        self.visitor.follow_named(name, card)

    def name_recommender(self, channel: str, name: str, number: str) -> None:
        """Unfold a channel, say who recommends, and go on."""
        visitor, card = self.visitor, self._unfold(channel)
        asked = "Name of the member" if channel == "member" else "Name of the institution"
        visitor.label(visitor.words(asked), card).fill(name)
        visitor.label(visitor.words("Member number"), card).fill(number)
        visitor.press("Check and go on", card)

    def choose_headquarters(self) -> None:
        self.visitor.follow("Go on through headquarters")

    def fill_in(self, code: str) -> None:
        """Answer every question of a category's form, attach its papers, agree to what has to be agreed to."""
        page, category = self.visitor.page, scheme().category(code)
        for name, answer in answers_of(self.who, code).items():
            self._answer(category, name, answer)
        if code in REQUIRED_PAPERS:
            paper = next(paper for paper in category.papers if paper.code == REQUIRED_PAPERS[code])
            self._attach(self.visitor.label(self.visitor.words.of(paper.name)))
        for box in self.visitor.region("Your consent").get_by_role("checkbox").all():
            box.check()
        assert page.locator(".error-summary").count() == 0

    def prove_contact(self, code: str) -> None:
        """Have a code sent, and copy it from the letter."""
        visitor = self.visitor
        by = PROVEN.get(code, "mobile")
        button = visitor.button("Send a code: %(field)s", field=visitor.words.field(by))
        if visitor.has_scripts:
            button.click()  # the page stays, with all that was typed
        else:
            visitor.go(button)
        visitor.reads_named(self.contact(by))
        visitor.look()
        letter = self.entrance.offices.code_sent_to(self.society, self.contact(by))
        visitor.label(visitor.words("Code")).fill(letter)

    def submit(self) -> None:
        """Hand the application in, and arrive at the page that thanks for it."""
        self.visitor.press("Submit the application")
        self.visitor.page.wait_for_url("**/apply/done/**")

    def set_password(self) -> None:
        self.visitor.fill("New password", self.who.password)
        self.visitor.press("Set the password")
        self.visitor.reads("Your new password is set.")

    def go_to_cashier(self) -> None:
        """Wait until the bill is there; meanwhile the page looks again by itself."""
        visitor = self.visitor
        visitor.open(f"{self.entrance.demo.hosts[self.society]}my/")
        with visitor.page.expect_navigation():  # while it waits it loads itself anew, under whoever looks it over
            visitor.page.get_by_role("link", name=visitor.words("Pay the dues"), exact=True).click()
        visitor.label(visitor.words("Voucher")).wait_for(timeout=PATIENCE)
        visitor.look()

    def pay(self, years: int) -> None:
        """At the cashier, choose the years and report the transfer with a picture of it."""
        visitor, words = self.visitor, self.visitor.words
        self.go_to_cashier()
        chosen = visitor.region("1. For how many years?").get_by_role("button").nth(years - 1)
        visitor.go(chosen)
        expect(chosen).to_have_attribute("aria-current", "true")
        visitor.fill("Name on the account that paid", self.who.name)
        visitor.label(words("Date of the transfer")).fill(self.today())
        self._attach(visitor.label(words("Voucher")))
        visitor.press("Send the voucher")
        visitor.reads(
            "We have your voucher. The finance office compares it with the bank account; "
            "you will hear from us, and your membership then begins."
        )

    def today(self) -> str:
        """The newest day that the browser's calendar offers."""
        day = self.visitor.label(self.visitor.words("Date of the transfer")).get_attribute("max")
        assert day
        return day

    def contact(self, by: str) -> str:
        return self.who.email if by == "email" else self.who.mobile

    @property
    def society(self) -> str:
        """The slug of the society on whose pages the applicant is."""
        return urlsplit(self.visitor.page.url).netloc.partition(".")[0]

    @property
    def reference(self) -> str:
        """The reference on the page that thanks for the application."""
        found = re.search(r"\bA\d{3}-\w{5}-\w{5}\b", self.visitor.page.get_by_role("main").inner_text())
        assert found
        return found[0]

    def _unfold(self, channel: str) -> Locator:
        name = self.visitor.words.channel(channel)
        card = self.visitor.page.locator("details").filter(has=self.visitor.page.get_by_text(name, exact=True))
        card.locator("summary").click()
        return card

    def _answer(self, category: Category, name: str, answer: str | list[str]) -> None:
        asked, words = CATALOGUE[name], self.visitor.words
        labels = {choice.code: words.of(choice.label) for choice in choices_for(asked, category)}
        if isinstance(answer, list):
            group = self.visitor.page.get_by_role("group", name=words.field(name))
            for code in answer:
                group.get_by_label(labels[code], exact=True).check()
        elif asked.kind == "choice":
            self.visitor.label(words.field(name)).select_option(label=labels[answer])
        else:
            self.visitor.label(words.field(name)).fill(answer)

    def _attach(self, field: Locator) -> None:
        file = document() if "pdf" in (field.get_attribute("accept") or "") else picture()
        field.set_input_files({"name": file.name, "mimeType": file.content_type, "buffer": file.content})
