"""Every office of a society at its console: registrar, owner, promoter, viewer."""

import re
import secrets
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.console import CODE, go_to, is_not_open_to, shown_code
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.words import scheme

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_registrar_finds_a_member_and_generates_the_code_in_two_clicks(entrance: Entrance) -> None:
    registrar = entrance.staff("zhejiang", "registrar", "zh", PHONE)
    words, page = registrar.words, registrar.page
    go_to(registrar, "Members")
    rows = page.get_by_role("row").filter(has=page.get_by_role("link", name=CODE))
    name = rows.first.get_by_role("rowheader").inner_text()
    registrar.go(rows.first.get_by_role("link", name=CODE))
    old = shown_code(registrar)
    registrar.follow("Withdraw the code…")
    registrar.fill("Reason", "会员卡遗失。")
    registrar.press("Withdraw the code")
    registrar.reads("The code is withdrawn. What came by it stays attributed.")

    go_to(registrar, "Members")
    registrar.fill("Name, pinyin, number, phone or e-mail", name)
    registrar.go(page.get_by_role("search").get_by_role("button", name=words("Search")))  # the first click
    label = words("Generate referral code")
    registrar.go(page.get_by_role("button", name=re.compile(rf"^{label}.*{name}$")))  # the second
    new = shown_code(registrar)
    assert new != old and new.startswith("211-")
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<")):
        with page.expect_download() as coming:
            page.get_by_role("link", name=kind, exact=True).click()
        assert coming.value.suggested_filename == f"{new}.{kind.lower()}"
        assert coming.value.path().read_bytes().startswith(start)

    stranger = entrance.visitor("en", PHONE)
    stranger.open(f"{entrance.demo.hosts['hq']}r/{new}/")
    stranger.reads_named(f"{name} (Zhejiang")


def test_registrar_mints_a_campaign_code_and_prints_its_poster(entrance: Entrance) -> None:
    registrar = entrance.staff("welding", "registrar", "en", DESK)
    page = registrar.page
    go_to(registrar, "Referral codes")
    registrar.follow("New referral code")
    registrar.press("Generate referral code")
    registrar.reads("This field is required.")
    registrar.fill("Campaign", "Welding fair, hall 3")
    registrar.label("Most applications").fill("500")
    registrar.press("Generate referral code")
    registrar.reads("The referral code is ready.")
    code = shown_code(registrar)
    registrar.follow("Poster")
    sheet = page.get_by_role("main")
    expect(sheet).to_contain_text("Become a member")
    expect(sheet).to_contain_text(code)
    assert urlsplit(page.url).path.endswith("/poster/")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Back")).to_be_hidden()
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_registrar_endorses_with_the_keyboard_alone(entrance: Entrance) -> None:
    registrar = entrance.staff("welding", "registrar", "en", DESK)
    page = registrar.page
    go_to(registrar, "To endorse")
    first = page.get_by_role("rowheader").get_by_role("link").first
    name, application = first.inner_text(), urlsplit(first.get_attribute("href") or "").path.split("/")[-2]
    first.focus()
    with page.expect_navigation():  # only then its script has come, which knows the keys
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    registrar.look()
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name=f"Endorse {name}?")
    expect(dialog).to_be_visible()
    registrar.look()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("e")
    dialog.get_by_label("Remark").focus()
    page.keyboard.type("Known to the branch for years.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    registrar.reads("%(name)s is endorsed.", name=name)
    (row,) = entrance.demo.program("welding", "registrar").rows("applications/", text=name, state="in_progress")
    assert (row["id"], row["step"]) == (application, "review")


def test_owner_entrusts_a_code_and_the_promoter_sees_no_other(entrance: Entrance) -> None:
    owner = entrance.staff("foundry", "owner", "zh", DESK)
    page = owner.page
    go_to(owner, "Referral codes")
    mine, others = (link.inner_text() for link in page.get_by_role("rowheader").get_by_role("link").all()[:2])
    owner.follow_named(mine)
    code = shown_code(owner)
    owner.follow("Entrust to a promoter…")
    owner.label(owner.words("Promoter")).select_option(index=1)
    owner.press("Entrust the code")
    expect(owner.region("Entrusted to")).to_contain_text("陈推广")

    promoter = entrance.staff("foundry", "promoter", "en", PHONE)
    go_to(promoter, "Referral codes")
    expect(promoter.page.get_by_role("rowheader")).to_have_text([mine])
    assert others not in promoter.page.content()
    promoter.follow_named(mine)
    assert shown_code(promoter) == code
    promoter.follow("Poster")
    expect(promoter.page.get_by_role("main")).to_contain_text(code)
    is_not_open_to(promoter, f"{entrance.demo.hosts['foundry']}console/members/")
    is_not_open_to(promoter, f"{entrance.demo.hosts['foundry']}console/staff/")

    owner.press_beginning("Take back", owner.region("Entrusted to"))
    owner.reads("The code is no longer entrusted to this promoter.")


def test_owner_invites_a_registrar_who_begins_at_once(entrance: Entrance) -> None:
    address = f"shen{secrets.token_hex(3)}@example.org"
    owner = entrance.staff("tribology", "owner", "en", DESK)
    go_to(owner, "Staff and roles")
    owner.follow("Invite somebody")
    owner.page.get_by_role("radio", name="Registrar").check()
    owner.fill("Name", "沈登记")
    owner.fill("E-mail", address)
    owner.press("Send the invitation")
    owner.reads("The invitation is on its way. It can be taken up for seven days.")
    expect(owner.region("Open invitations")).to_contain_text("沈登记")

    letter = entrance.offices.letters("tribology", address)
    link = re.search(r"http://\S+/invitation/\S+/", letter)
    assert link, letter
    shen = entrance.visitor("zh", PHONE)
    shen.open(link[0])
    shen.fill("New password", "a-Walk-2026-by-the-river")
    shen.go(shen.page.get_by_role("main").get_by_role("button"))
    shen.page.wait_for_url("**/console/**")
    go_to(shen, "To endorse")
    is_not_open_to(shen, f"{entrance.demo.hosts['tribology']}console/staff/")


def test_viewer_sees_everything_and_can_change_nothing(entrance: Entrance) -> None:
    viewer = entrance.staff("zhejiang", "viewer", "zh", DESK)
    page = viewer.page
    go_to(viewer, "Members")
    viewer.go(page.get_by_role("rowheader").get_by_role("link").first)
    assert "*" in viewer.region("Contact").inner_text()
    forms = page.get_by_role("main").locator("form[method=post]")
    expect(forms).to_have_count(0)
    go_to(viewer, "To endorse")
    viewer.go(page.get_by_role("rowheader").get_by_role("link").first)
    expect(forms).to_have_count(0)
    viewer.reads("It waits for a colleague who may endorse applications.")
    is_not_open_to(viewer, f"{entrance.demo.hosts['zhejiang']}console/codes/new/")
    go_to(viewer, "Journal")
    go_to(viewer, "Membership scheme")
    viewer.go(page.get_by_role("rowheader").get_by_role("link").first)
    viewer.reads_named(viewer.words.of(scheme().category("senior").name))
