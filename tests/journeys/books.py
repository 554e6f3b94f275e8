"""What must stand in the books after somebody joined: in the society's, and within five seconds in headquarters'."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.office import Offices, until

WITHIN = 5.0  # seconds


@dataclass(frozen=True)
class Expected:
    """Everything that is known about a member before looking."""

    society: str  # slug
    application: str
    name: str
    category: str
    kind: str
    channel: str
    number: str
    joined_on: date
    years: int
    referral_code: str = ""
    bill_number: str = ""
    amount_minor: int = 0
    decided: bool = False


def next_number(offices: Offices, society: str, letter: str) -> str:
    """The member number that comes next in a society: its own digits, its own series, the letter of the grade."""
    program = offices.demo.program(society, "owner" if society == "hq" else "registrar")
    highest = max((int(row["number"][3:10]) for row in program.all_rows("members/")), default=0)
    return f"{offices.demo.number_of(society)}{highest + 1:07}{letter}"


def check_books(offices: Offices, expected: Expected, *, since: float) -> float:
    """Compare society and headquarters with what is expected; returns the seconds until headquarters had it all.

    `since` is the moment (monotonic) before the act that made the member.
    """
    member = until(lambda: offices.member_of(expected.society, expected.application, expected.name), "the member")
    entry = until(lambda: offices.on_roll(expected.number), f"{expected.number} on headquarters' roll")
    fee = case = None
    if expected.bill_number:
        bill = member["years"][0]["bill_id"]
        fee = until(lambda: _settled(offices.fee_of(bill)), f"{expected.bill_number} in the fee book")
    if expected.decided:
        case = until(lambda: offices.case_of(expected.application), "the case on the desk")
    seconds = time.monotonic() - since
    _check_member(member, expected)
    _check_roll(entry, member, expected)
    _check_fee(offices, fee, member, expected)
    assert (case is not None) == expected.decided
    if case is not None:
        assert (case["state"], case["outcome"]) == ("decided", "approved")
    else:
        assert offices.case_of(expected.application) is None, "nobody was asked to decide this"
    assert seconds < WITHIN, f"headquarters knew only after {seconds:.1f} s"
    return seconds


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def office_day(zone: str = "Asia/Shanghai") -> date:
    return datetime.now(ZoneInfo(zone)).date()


def _check_member(member: dict[str, Any], expected: Expected) -> None:
    end = add_years(expected.joined_on, expected.years)
    found = {name: member[name] for name in ("number", "state", "category", "kind", "channel", "referral_code", "name")}
    assert found == {
        "number": expected.number,
        "state": "active",
        "category": expected.category,
        "kind": expected.kind,
        "channel": expected.channel,
        "referral_code": expected.referral_code,
        "name": expected.name,
    }
    assert (member["from_on"], member["to_on"]) == (expected.joined_on.isoformat(), end.isoformat())
    bills = {year["bill_id"] for year in member["years"]}
    assert len(bills) == 1 and (bills == {None}) == (not expected.bill_number)
    years = sorted((year["from_on"], year["to_on"]) for year in member["years"])
    bounds = [add_years(expected.joined_on, n).isoformat() for n in range(expected.years + 1)]
    assert years == list(pairwise(bounds))
    assert member["own_code"]["code"].startswith(expected.number[:3])


def _check_roll(entry: dict[str, Any], member: dict[str, Any], expected: Expected) -> None:
    same = ("number", "kind", "category", "state", "name", "channel", "referral_code", "from_on", "to_on", "joined_on")
    assert {name: entry[name] for name in same} == {name: member[name] for name in same}
    assert (entry["society"], entry["member_id"]) == (expected.number[:3], member["id"])


def _check_fee(offices: Offices, fee: dict[str, Any] | None, member: dict[str, Any], expected: Expected) -> None:
    if fee is None:
        found = offices.demo.program("hq", "finance").rows("payments/", text=expected.name)
        assert not [row for row in found if row["bill"]["application_id"] == expected.application]
        return
    told = ("payee", "society", "number", "category", "years", "amount_minor", "state")
    assert {name: fee[name] for name in told} == {
        "payee": "100",
        "society": expected.number[:3],
        "number": expected.bill_number,
        "category": expected.category,
        "years": expected.years,
        "amount_minor": expected.amount_minor,
        "state": "settled",
    }


def _settled(fee: dict[str, Any] | None) -> dict[str, Any] | None:
    return fee if fee is not None and fee["state"] == "settled" else None
