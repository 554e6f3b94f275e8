"""Every office of headquarters at its console: officer, finance, owner."""

import re
import secrets
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.browser.console import go_to, is_not_open_to
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.journeys.books import office_day
from tests.journeys.office import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPENED_WITHIN = 90_000  # milliseconds; other work may go on on the machine


def test_officer_takes_a_case_on_and_approves_it_with_the_keyboard(entrance: Entrance) -> None:
    officer = entrance.staff("hq", "officer", "en", DESK)
    page = officer.page
    go_to(officer, "Approvals")
    page.keyboard.press("j")
    page.wait_for_url("**/console/cases/*/")
    officer.look()
    case, name = page.url.rstrip("/").rpartition("/")[2], page.get_by_role("heading", level=1).inner_text()
    with page.expect_navigation():
        page.keyboard.press("c")
    officer.reads("You have taken this case on.")
    officer.look()
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name=f"Approve {name}?")
    expect(dialog).to_be_visible()
    officer.look()
    dialog.get_by_role("button", name="Approve", exact=True).focus()
    page.keyboard.press("Enter")
    officer.reads("%(name)s is approved; the society is told.", name=name)
    decided = entrance.demo.program("hq", "officer").get(f"cases/{case}/").data
    assert (decided["state"], decided["outcome"]) == ("decided", "approved")
    society = slug_of(entrance, decided["society"])
    until(lambda: paying(entrance.offices.application(society, decided["reference"])), "the verdict at the society")


def test_officer_refuses_with_reasons_on_a_phone(entrance: Entrance) -> None:
    officer = entrance.staff("hq", "officer2", "zh", PHONE)
    go_to(officer, "Approvals")
    officer.follow("Next case")
    case = officer.page.url.rstrip("/").rpartition("/")[2]
    officer.follow("Refuse…")
    button = officer.page.get_by_role("main").locator("form button")
    officer.go(button)
    officer.reads("This field is required.")
    officer.fill("Reasons", "未提供高级职称证明，请补充后再申请。")
    officer.go(button)
    officer.reads("The application is refused; the applicant is told, with the reasons.")
    decided = entrance.demo.program("hq", "officer").get(f"cases/{case}/").data
    assert (decided["state"], decided["outcome"]) == ("decided", "refused")
    is_not_open_to(officer, f"{entrance.demo.hosts['hq']}console/payments/")


def test_finance_confirms_a_payment_beside_its_voucher(entrance: Entrance) -> None:
    finance = entrance.staff("hq", "finance", "zh", DESK)
    page = finance.page
    go_to(finance, "Payments to confirm")
    finance.go(page.get_by_role("rowheader").get_by_role("link").first)
    voucher = finance.region("Voucher").get_by_role("img")
    assert voucher.evaluate("image => image.complete && image.naturalWidth > 0")
    figures = finance.region("The payment")
    beside, below = voucher.bounding_box(), figures.bounding_box()
    assert beside and below and beside["x"] + beside["width"] <= below["x"] and abs(beside["y"] - below["y"]) < 200
    bill = page.locator("p.eyebrow").inner_text()
    owed = re.search(r"[\d,]+\.\d\d", figures.inner_text())
    assert owed
    amount = finance.label(finance.words("Amount that arrived"))
    amount.fill("1.00")
    finance.press("Confirm the payment")
    assert page.locator(".error-summary").count() == 1
    finance.label(finance.words("Amount that arrived")).fill(owed[0])
    finance.press("Confirm the payment")
    finance.reads("Confirmed: the bill is settled, and the society is told.")
    (paid,) = entrance.demo.program("hq", "finance").rows("payments/", text=bill, state="confirmed")
    assert paid["bill"]["state"] == "settled"
    is_not_open_to(finance, f"{entrance.demo.hosts['hq']}console/cases/")


def test_owner_opens_a_society_and_watches_it_come(entrance: Entrance) -> None:
    owner = entrance.staff("hq", "owner", "en", DESK)
    page, taken = owner.page, entrance.demo.program("hq", "owner").rows("societies/")
    number = next(n for n in map(str, range(121, 142)) if n not in {row["number"] for row in taken})
    slug = f"robots-{secrets.token_hex(2)}"
    go_to(owner, "Societies")
    owner.follow("Open a society", page.locator(".page-head"))
    owner.press("Order the opening")
    assert page.locator(".error-summary").count() == 1
    page.get_by_role("radio", name="Branch").check()
    owner.fill("Society number", number)
    owner.fill("Host label", slug)
    owner.fill("Chinese name", "机器人应用分会")
    owner.fill("English name", "Applied Robotics Branch")
    owner.fill("Name of the first administrator", "吕主任")
    owner.fill("E-mail of the first administrator", f"chair@{slug}.example.org")
    owner.fill("Reason", "Council resolution 2026-14")
    page.route("**/*", without_looking_again)  # it might be done before the page has been looked over
    owner.press("Order the opening")
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    page.unroute("**/*", without_looking_again)
    expect(page.get_by_role("main")).to_contain_text("Done.", timeout=OPENED_WITHIN)  # the page looks again by itself
    owner.look()
    go_to(owner, "Societies")
    expect(page.get_by_role("row", name=re.compile(rf"^{number} .*Applied Robotics Branch"))).to_be_visible()

    front_door = entrance.demo.hosts["hq"].replace("//hq.", f"//{slug}.")
    visitor = entrance.visitor("zh", PHONE)
    visitor.open(front_door)
    visitor.reads_named("机器人应用分会")


def test_owner_changes_the_dues_of_a_category(entrance: Entrance) -> None:
    owner = entrance.staff("hq", "owner", "en", PHONE)
    page, day, amount = owner.page, office_day() + timedelta(days=200), f"{secrets.randbelow(900) + 100}.00"
    go_to(owner, "Membership scheme")
    owner.follow("Change dues")
    owner.label("Category").select_option(label="Ordinary member")
    owner.fill("Dues", amount)
    owner.fill("In force from", day.isoformat())
    owner.fill("Resolution number", "第十二次会员代表大会决议第3号")
    owner.fill("Meeting", "第十二次会员代表大会")
    owner.press("Look at the change")
    change = page.get_by_role("row", name=re.compile(r"ordinary.*dues"))
    expect(change.first).to_be_visible()
    version = re.search(r"Publish version (\d+)\?", page.get_by_role("heading", level=1).inner_text())
    assert version
    owner.press("Publish")
    owner.reads("Version %(version)s is published; every society is being told.", version=version[1])
    expect(page.get_by_role("main")).to_contain_text(f"CNY {amount}")
    owner.follow("Membership scheme", page.get_by_role("main"))
    owner.go(page.get_by_role("row", name=re.compile(rf"^Version {version[1]}\b")).get_by_role("link").last)
    owner.reads_named(amount.removesuffix(".00"))

    def told() -> bool | None:
        published = entrance.demo.program("welding", "registrar").rows("schemes/")
        return any(str(each["version"]) == version[1] for each in published) or None

    until(told, "the version at a society")


def test_owner_records_a_resolution_on_a_phone(entrance: Entrance) -> None:
    owner = entrance.staff("hq", "owner", "zh", PHONE)
    number, day = f"理〔2026〕{secrets.randbelow(90_000) + 10_000}号", office_day().isoformat()
    go_to(owner, "Resolutions")
    owner.follow("Record a resolution", owner.page.locator(".page-head"))
    owner.fill("Resolution number", number)
    owner.fill("Meeting", "第十二届理事会第三次会议")
    owner.fill("Date", day)
    owner.fill("Subject", "关于设立应用机器人分会的决定")
    owner.fill("Text", "会议决定设立应用机器人分会，自通过之日起施行。")
    owner.press("Record the resolution")
    owner.reads("The resolution is on record.")
    owner.reads_named(number)
    go_to(owner, "Resolutions")
    owner.reads_named(number)


def without_looking_again(route: Route) -> None:
    """Pages come, and stay as they came: what their scripts ask for does not."""
    if route.request.resource_type == "fetch":
        route.abort()
    else:
        route.continue_()


def slug_of(entrance: Entrance, number: str) -> str:
    """The society of the demonstration whose codes begin with this number."""
    return next(slug for slug in entrance.demo.codes if entrance.demo.number_of(slug) == number)


def paying(row: dict[str, str]) -> str | None:
    """Set once the society has asked for the dues."""
    return row["step"] if row["step"] == "pay" else None
