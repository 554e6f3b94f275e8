"""Hundreds who join at once, each to the end: students by a code, ordinary members by bank transfer."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any

from tests.faults.persistence import PatientBrowser, Troubles, Unserved, get, persist, post
from tests.journeys.books import office_day
from tests.journeys.demo import Demo
from tests.journeys.pages import Page
from tests.journeys.people import Newcomer, answers_of, newcomer, picture
from tests.journeys.program import Program

SOCIETIES = ("welding", "zhejiang", "foundry")
BY_CODE = "welding"
CONSENT = "share.headquarters"


@dataclass
class Applicant:
    """One of the crowd, and what became of the application."""

    who: Newcomer
    category: str
    society: str
    years: int
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    application: str = ""
    refused: str = ""


@dataclass
class Crowd:
    """Applies with several clients at once; `go_on` holds the last ones back until it is set."""

    demo: Demo
    applicants: list[Applicant]
    clients: int
    troubles: Troubles = field(default_factory=Troubles)
    go_on: Event = field(default_factory=Event)
    joined: int = 0

    @property
    def paying(self) -> list[Applicant]:
        return [each for each in self.applicants if each.category == "ordinary"]

    def run(self) -> None:
        """Everyone applies, pays, and is confirmed; returns when all are members."""
        waiting: SimpleQueue[Applicant] = SimpleQueue()
        for each in self.applicants:
            waiting.put(each)
        over = Event()
        with ThreadPoolExecutor(max_workers=self.clients + 1) as threads:
            finance = threads.submit(self._confirm_until, over)
            hands = [threads.submit(self._serve, waiting) for _client in range(self.clients)]
            try:
                for hand in hands:
                    hand.result()
                self._await_all()
            finally:
                over.set()
            finance.result()

    def _serve(self, waiting: "SimpleQueue[Applicant]") -> None:
        held_back = len(self.applicants) // 4
        while True:
            if waiting.qsize() <= held_back:
                self.go_on.wait()
            try:
                applicant = waiting.get_nowait()
            except Empty:
                return
            self._apply(applicant)
            if applicant.category == "ordinary" and not applicant.refused:
                self._pay(applicant)

    def _apply(self, applicant: Applicant) -> None:
        """Hand in under one key: answered twice, it is one application."""
        who = applicant.who
        wish: dict[str, Any] = {
            "category": applicant.category,
            "answers": answers_of(who, applicant.category),
            "contact": who.mobile,
            "password": who.password,
            "consents": [CONSENT] if applicant.society == "zhejiang" else [],
        }
        if applicant.society == BY_CODE and applicant.category == "student":
            wish["code"] = self.demo.codes[BY_CODE][1]
        program = self.program(applicant.society)
        reply = post(program, "applications/", wish, key=applicant.key, troubles=self.troubles)
        if reply.status == 201:
            applicant.application = reply.data["id"]
        else:
            applicant.refused = f"{reply.status} {reply.code} {reply.data}"

    def _pay(self, applicant: Applicant) -> None:
        """Sign in, go to the cashier, choose the years, report the transfer; the same again where it failed."""
        browser, host = PatientBrowser(), self.demo.hosts[applicant.society]

        def sign_in() -> Page:
            page = browser.open(f"{host}sign-in/")
            if "/sign-in" not in page.url:
                return page  # the answer got lost, the session did not
            page = browser.send(
                page.form("identifier"), identifier=applicant.who.mobile, password=applicant.who.password
            )
            assert "/sign-in" not in page.url, (applicant, page.status, page.words[:600])
            return page

        def to_the_cashier() -> Page:
            page = browser.open(f"{host}pay/{applicant.application}/")
            assert page.status in (200, 409), (applicant, page.url, page.status, page.words[:600])
            if page.status == 200 and "Bill B" not in page.words:
                raise Unserved("the bill is being written")
            return page

        def settle() -> Page:
            page = browser.open(browser.page.url)
            if "We have your voucher" in page.words or "Paid and confirmed" in page.words:
                return page
            if applicant.years > 1:
                page = browser.send(page.form("years"), ("years", str(applicant.years)))
            today = office_day().isoformat()
            form = page.form("voucher")
            return browser.send(form, payer_name=applicant.who.name, transferred_on=today, voucher=picture())

        persist(sign_in, self.troubles)
        persist(to_the_cashier, self.troubles)
        page = persist(settle, self.troubles)
        assert "We have your voucher" in page.words or "Paid and confirmed" in page.words, page.words[:600]

    def _confirm_until(self, over: Event) -> None:
        """The finance office confirms whatever was reported, each payment under its own key."""
        finance = self.demo.program("hq", "finance")
        ours = {each.who.name for each in self.paying}
        while not over.is_set():
            reply = get(finance, "payments/", troubles=self.troubles, state="reported", page_size=200)
            for payment in reply.data["results"]:
                if payment["payer_name"] in ours:
                    path = f"payments/{payment['id']}/confirm/"
                    body = {"received_minor": payment["amount_minor"]}
                    confirmed = post(finance, path, body, key=payment["id"], troubles=self.troubles)
                    assert confirmed.status == 200, (payment["payer_name"], confirmed)
            over.wait(0.5)

    def _await_all(self) -> None:
        def all_are_members() -> None:
            self.joined = sum(state == "member" for state in self._states())
            if self.joined < len(self.accepted):
                raise Unserved("not all are members yet")

        persist(all_are_members, Troubles())

    def _states(self) -> Iterator[str]:
        for society in SOCIETIES:
            program, wanted = self.program(society), {each.application for each in self.accepted}
            page = 1
            while page:
                reply = get(program, "applications/", troubles=self.troubles, page=page, page_size=200)
                yield from (row["state"] for row in reply.data["results"] if row["id"] in wanted)
                page = page + 1 if reply.data["next"] else 0
        time.sleep(0.5)

    @property
    def accepted(self) -> list[Applicant]:
        return [each for each in self.applicants if each.application]

    def program(self, society: str) -> Program:
        return self.demo.program(society, "registrar")


def crowd(demo: Demo, *, size: int, clients: int) -> Crowd:
    """Every second a student; the others pay for one to five years. No two have the same name."""
    applicants = []
    for n in range(size):
        who = newcomer()
        who = Newcomer(who.serial, f"{who.name}{_WRITTEN[n // 100]}{_WRITTEN[n // 10 % 10]}{_WRITTEN[n % 10]}")
        category = "student" if n % 2 else "ordinary"
        years = 1 if category == "student" else 1 + n // 2 % 5
        applicants.append(Applicant(who, category, SOCIETIES[n // 2 % len(SOCIETIES)], years))
    return Crowd(demo, applicants, clients)


_WRITTEN = "零壹贰叁肆伍陆柒捌玖"
