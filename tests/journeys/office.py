"""What staff do and see: letters on the outbox page, the society's endorsement, headquarters' desk, cashier, books."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.journeys.browser import Browser
from tests.journeys.demo import Demo
from tests.journeys.pages import Form, Page

Found = TypeVar("Found")
PATIENCE = 20.0  # seconds that a script waits for a message to travel before it gives up
LOOK_EVERY = 0.1


@dataclass
class Offices:
    """The staff of a demonstration, each signed in once."""

    demo: Demo
    browsers: dict[tuple[str, str], Browser] = field(default_factory=dict)

    def browser(self, society: str, role: str) -> Browser:
        """The browser of an office, signed in on the society's own page."""
        if (society, role) not in self.browsers:
            name, password = self.demo.sign_in(society, role)
            browser = Browser()
            browser.open(f"{self.demo.hosts[society]}sign-in/")
            page = browser.send(browser.page.form("identifier"), identifier=name, password=password)
            if "/sign-in" in page.url:  # headquarters seals the credentials, and the page sends itself on
                page = browser.send(page.form("ticket"))
            assert "/console/" in page.url, (page.url, page.status, page.words[:400])
            self.browsers[society, role] = browser
        return self.browsers[society, role]

    def letters(self, society: str, address: str) -> str:
        """All letters to an address, the newest first, as staff read them on the outbox page."""
        page = self.browser(society, "registrar").open(f"{self.demo.hosts[society]}outbox/?address={address}")
        assert page.status == 200, (page.url, page.status)
        return page.words

    def code_sent_to(self, society: str, address: str) -> str:
        """The newest one-time code."""
        words = self.letters(society, address)
        codes = re.findall(r"\b\d{6}\b", words)
        assert codes, words[:600]
        return str(codes[0])

    def endorse(self, society: str, application: str) -> None:
        """Open the application on the console, read it, and endorse it."""
        browser = self.browser(society, "registrar")
        browser.open(f"{self.demo.hosts[society]}console/endorsements/")
        page = browser.follow(f"/console/applications/{application}/")
        page = browser.send(_form_to(page, "/endorse/"), reason="Known to us for years.")
        assert "is endorsed" in page.words, page.words[:600]

    def decide(self, application: str, *, outcome: str, reasons: str = "") -> dict[str, Any]:
        """An officer of headquarters takes the case on and decides it."""
        desk = self.demo.program("hq", "officer")
        case = until(lambda: self.case_of(application), "the case on headquarters' desk")
        claimed = desk.post(f"cases/{case['id']}/claim/")
        assert claimed.status == 200, claimed
        decided = desk.post(
            f"cases/{case['id']}/decide/",
            {"outcome": outcome, "reasons": reasons, "version": claimed.data["version"]},
        )
        assert decided.status == 200, decided
        return dict(decided.data)

    def approve_on_the_desk(self, application: str) -> None:
        """The same in favour, as an officer does it on the pages: take the case on, read it, approve it."""
        case = until(lambda: self.case_of(application), "the case on headquarters' desk")
        browser = self.browser("hq", "officer")
        browser.open(f"{self.demo.hosts['hq']}console/cases/")
        page = browser.follow(f"/console/cases/{case['id']}/")
        page = browser.send(_form_to(page, "/claim/"))
        page = browser.send(_form_to(page, "/approve/"), reason="Senior by title and works.")
        assert "is approved; the society is told." in page.words, page.words[:600]

    def confirm_at_the_till(self, bill_number: str, *, amount: str) -> None:
        """The finance office looks the bill up, sees the voucher, and confirms what the account shows."""
        browser = self.browser("hq", "finance")
        page = browser.open(f"{self.demo.hosts['hq']}console/payments/?text={bill_number}")
        one_payment = re.compile(r"/console/payments/[0-9a-f-]{36}/$")
        page = browser.open(next(to for to, _words in page.links if one_payment.search(to)))
        assert bill_number in page.words
        voucher = browser.ask("GET", next(to for to, _words in page.links if to.endswith("/voucher/")))
        assert (voucher.status, voucher.headers["Content-Type"]) == (200, "image/png")
        page = browser.send(_form_to(page, "/confirm/"), received_minor=amount)
        assert "Confirmed: the bill is settled" in page.words, page.words[:600]

    def confirm(self, bill_number: str, *, amount_minor: int) -> dict[str, Any]:
        """The finance office finds the transfer of a bill and confirms it."""
        finance = self.demo.program("hq", "finance")
        (payment,) = finance.rows("payments/", text=bill_number, state="reported")
        confirmed = finance.post(f"payments/{payment['id']}/confirm/", {"received_minor": amount_minor})
        assert confirmed.status == 200, confirmed
        return dict(confirmed.data)

    def case_of(self, application: str) -> dict[str, Any] | None:
        """The case of an application on the approvals desk."""
        rows = self.demo.program("hq", "officer").all_rows("cases/")
        return next((row for row in rows if row["application_id"] == application), None)

    def on_roll(self, number: str) -> dict[str, Any] | None:
        """The member on headquarters' roll."""
        rows = self.demo.program("hq", "officer").rows("roll/", text=number)
        return rows[0] if rows else None

    def fee_of(self, bill: str) -> dict[str, Any] | None:
        """The bill in headquarters' fee book; the newest come first."""
        rows = self.demo.program("hq", "finance").all_rows("fees/")
        return next((row for row in rows if row["bill_id"] == bill), None)

    def member_of(self, society: str, application: str, name: str) -> dict[str, Any] | None:
        """The member that an application became, as the society itself has them."""
        program = self.demo.program(society, "owner" if society == "hq" else "registrar")
        for row in program.all_rows("members/", text=name):
            if row["application_id"] == application:
                return dict(program.get(f"members/{row['id']}/").data)
        return None

    def application(self, society: str, reference: str) -> dict[str, Any]:
        """An application in its society's books."""
        program = self.demo.program(society, "owner" if society == "hq" else "registrar")
        (row,) = program.rows("applications/", text=reference)
        return row


def _form_to(page: Page, ending: str) -> Form:
    return next(form for form in page.forms if form.action.endswith(ending))


def await_worker(demo: Demo, *, patience: float = 60.0) -> None:
    """Wait until the worker carries messages: a statement is asked for, and has come."""
    owner = demo.program("hq", "owner")
    asked = owner.post("reconciliations/", {"societies": ["100"]})
    assert asked.status == 202, asked
    path = f"reconciliations/{asked.data['results'][0]['id']}/"
    until(lambda: owner.get(path).data["answered_at"], "the first statement", patience=patience)


def until(look: Callable[[], Found | None], what: str, *, patience: float = PATIENCE) -> Found:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found is not None:
            return found
        assert time.monotonic() < deadline, f"{what} did not appear within {patience:.0f} s"
        time.sleep(LOOK_EVERY)
