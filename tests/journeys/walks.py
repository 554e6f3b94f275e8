"""The journeys: each from the front door to the end, with every book checked on the way."""

import time
from collections.abc import Callable
from datetime import date

from tests.journeys.books import Expected, check_books, next_number, office_day
from tests.journeys.demo import Demo
from tests.journeys.office import Offices, until
from tests.journeys.pages import Page
from tests.journeys.stranger import Stranger

REASONS = "The field of work named is outside the Association's. Please describe engineering work of your own."


def student_by_qr_code(demo: Demo, offices: Offices) -> str:
    """A branch's QR code; a student is a member on submission."""
    li, code = Stranger(demo, offices), demo.codes["welding"][0]
    number, scans, joined = next_number(offices, "welding", "X"), *_funnel(demo, "welding", code)
    li.come_by_code(code, "student")
    page = li.hand_in("student")
    assert "Welcome" in page.words and "You are a member." in page.words, page.words[:900]
    expected = Expected(
        society="welding",
        application=li.application,
        name=li.who.name,
        category="student",
        kind="person",
        channel="branch",
        number=number,
        joined_on=office_day(),
        years=1,
        referral_code=code,
    )
    seconds = check_books(offices, expected, since=li.handed_in_at)
    assert _funnel(demo, "welding", code) == (scans + 1, joined + 1)
    li.set_password()
    _come_back(li, number)
    return f"{number}, at headquarters after {seconds:.1f} s"


def ordinary_by_a_province(demo: Demo, offices: Offices) -> str:
    """A province from the list; five years by bank transfer, confirmed: five dated years."""
    li = Stranger(demo, offices)
    number = next_number(offices, "zhejiang", "P")
    li.come_by_list("ordinary", "province", demo.number_of("zhejiang"))
    page = li.hand_in("ordinary")
    assert "Please pay the dues: CNY 50.00." in page.words, page.words[:900]
    application = li.application
    li.set_password()
    bill = li.pay(years=5, amount="CNY 250.00")
    since = time.monotonic()
    paid = offices.confirm(bill, amount_minor=25000)
    assert (paid["state"], paid["bill"]["state"], paid["bill"]["years"]) == ("confirmed", "settled", 5)
    expected = Expected(
        society="zhejiang",
        application=application,
        name=li.who.name,
        category="ordinary",
        kind="person",
        channel="province",
        number=number,
        joined_on=office_day(),
        years=5,
        bill_number=bill,
        amount_minor=25000,
    )
    seconds = check_books(offices, expected, since=since)
    _come_back(li, number)
    return f"{number}, five years, {bill}, at headquarters after {seconds:.1f} s"


def senior_by_a_member(demo: Demo, offices: Offices) -> str:
    """Named by a senior member in standing; endorsed by the branch, decided at headquarters, paid, confirmed."""
    registrar = demo.program("welding", "registrar")
    standing = registrar.rows("members/", category="senior", state="active", standing_on=office_day().isoformat())
    student = registrar.rows("members/", category="student", state="active")[0]
    wang, li = standing[0], Stranger(demo, offices)
    number = next_number(offices, "welding", "G")
    page = li.come_by_member("senior", name=student["name"], number=student["number"])
    assert page.status == 422 and "a lower category cannot recommend a higher one" in page.words, page.words[:900]
    page = li.come_by_member("senior", name=wang["name"], number=wang["number"])
    assert f"{wang['name']} ({wang['number']})" in page.words, page.words[:900]
    page = li.hand_in("senior")
    assert "The society is looking at your application." in page.words, page.words[:900]
    application = li.application
    li.set_password()
    offices.endorse("welding", application)
    offices.approve_on_the_desk(application)
    decided = offices.case_of(application)
    assert decided is not None
    assert (decided["society"], decided["recommender_number"]) == (demo.number_of("welding"), wang["number"])
    until(lambda: "/pay/" in str(li.browser.open("/my/").links) or None, "the verdict on the applicant's page")
    bill = li.pay(years=1, amount="CNY 100.00")
    since = time.monotonic()
    offices.confirm_at_the_till(bill, amount="100.00")
    expected = Expected(
        society="welding",
        application=application,
        name=li.who.name,
        category="senior",
        kind="person",
        channel="member",
        number=number,
        joined_on=office_day(),
        years=1,
        bill_number=bill,
        amount_minor=10000,
        decided=True,
    )
    seconds = check_books(offices, expected, since=since)
    _come_back(li, number)
    return f"{number}, recommended by {wang['number']}, at headquarters after {seconds:.1f} s"


def institution_by_headquarters(demo: Demo, offices: Offices) -> str:
    """No recommender: headquarters itself; nothing to endorse there, but decided, paid and confirmed."""
    li = Stranger(demo, offices)
    number = next_number(offices, "hq", "D")
    li.come_by_headquarters("institutional")
    page = li.hand_in("institutional")
    assert "Headquarters is reviewing your application." in page.words, page.words[:900]
    application = li.application
    li.set_password()
    offices.decide(application, outcome="approved")
    until(lambda: "/pay/" in str(li.browser.open("/my/").links) or None, "the verdict on the applicant's page")
    bill = li.pay(years=1, amount="CNY 2,000.00")
    since = time.monotonic()
    offices.confirm(bill, amount_minor=200000)
    expected = Expected(
        society="hq",
        application=application,
        name=li.who.body_name,
        category="institutional",
        kind="institution",
        channel="headquarters",
        number=number,
        joined_on=office_day(),
        years=1,
        bill_number=bill,
        amount_minor=200000,
        decided=True,
    )
    seconds = check_books(offices, expected, since=since)
    _come_back(li, number)
    return f"{number}, at headquarters after {seconds:.1f} s"


def aiet_individual_refused(demo: Demo, offices: Offices) -> str:
    """Refused in writing, with reasons; and before six months have passed refused again, with the date."""
    li, today = Stranger(demo, offices), office_day("Asia/Hong_Kong")
    li.come_by_headquarters("individual")
    page = li.hand_in("individual")
    assert "Headquarters is reviewing your application." in page.words, page.words[:900]
    application = li.application
    li.set_password()
    reference = offices.decide(application, outcome="refused", reasons=REASONS)["reference"]
    page = until(lambda: _with(li, REASONS), "the reasons on the applicant's page")
    again = _six_months_on(today)
    told = offices.application("hq", reference)
    assert (told["state"], told["reasons"], told["reapply_on"]) == ("refused", REASONS, again.isoformat())
    letters = until(lambda: _letter(offices, li.who.email), "the letter with the reasons")
    assert reference in letters

    early = Stranger(demo, offices, who=li.who)
    early.come_by_headquarters("individual")
    page = early.hand_in("individual")
    assert page.status == 409, (page.status, page.words[:900])
    assert f"You may apply again from {again.day} {again:%B %Y}." in page.words, page.words[:900]
    assert offices.member_of("hq", application, li.who.name) is None
    assert not demo.program("hq", "owner").rows("fees/")
    return f"{reference} refused; again from {again}"


Walk = Callable[[Demo, Offices], str]
WALKS: dict[str, dict[str, Walk]] = {
    "cmes": {
        "student by QR code of a branch": student_by_qr_code,
        "ordinary by a province, five years by transfer": ordinary_by_a_province,
        "senior by an individual recommender": senior_by_a_member,
        "institution by headquarters": institution_by_headquarters,
    },
    "aiet": {"individual refused, and refused again": aiet_individual_refused},
}


def _come_back(li: Stranger, number: str) -> None:
    """Whoever joined signs in at headquarters, lands at home, and sees the card.

    News of the account left before news of the member, so headquarters knows where to lead.
    """
    page = li.come_back()
    assert "Member card" in page.words and "In standing" in page.words, (page.url, page.words[:900])
    assert number in page.words


def _funnel(demo: Demo, society: str, code: str) -> tuple[int, int]:
    """How many scanned a code, and how many became members by it."""
    rows = demo.program(society, "registrar").all_rows("referral-codes/", kind="society")
    found = next(row["funnel"] for row in rows if row["code"] == code)
    return found["scans"], found["members"]


def _with(li: Stranger, words: str) -> Page | None:
    page = li.browser.open("/my/")
    return page if words in page.words else None


def _letter(offices: Offices, address: str) -> str | None:
    letters = offices.letters("hq", address)
    return letters if REASONS in letters else None


def _six_months_on(day: date) -> date:
    """The same day six months on, or the first of the month after where there is none."""
    years, month = divmod(day.month + 5, 12)
    try:
        return date(day.year + years, month + 1, day.day)
    except ValueError:
        return date(day.year + years, month + 2, 1)
