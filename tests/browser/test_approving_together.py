"""Several students approved at once, where headquarters has published that students come to its desk.

As shipped no scheme sends them there, so one is published on the pages, in an installation of its own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.console import go_to
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.hands import Hands
from tests.browser.visitor import Visitor
from tests.browser.words import Language
from tests.journeys.books import office_day
from tests.journeys.installation import temporary_installation
from tests.journeys.office import await_worker, until
from tests.journeys.stranger import Stranger

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REVIEW = "    - {kind: review, actor: headquarters, role: officer, clock: 5, on_breach: remind, together: yes}\n"
STUDENTS_ROUTE = re.compile(r"^  student:\n(?:(?!    route:$|  \S).*\n)*    route:\n", re.MULTILINE)


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entrance]:
    """A federation of its own, so that students join everybody else's at once as before."""
    with temporary_installation() as installation:
        installation.start()
        await_worker(installation.demo)
        house = Entrance(chromium, installation.demo)
        publish(house, tmp_path_factory.mktemp("scheme") / "next.yaml")
        yield house


def publish(house: Entrance, file: Path) -> None:
    """The owner downloads the scheme, writes the step into it, and publishes it from today."""
    owner = house.staff("hq", "owner", "zh", DESK)
    page = owner.page
    go_to(owner, "Membership scheme")
    owner.go(page.get_by_role("rowheader").get_by_role("link").first)
    with page.expect_download() as coming:
        page.get_by_role("link", name=owner.words("Download as a file")).click()
    text, found = STUDENTS_ROUTE.subn(lambda route: route[0] + REVIEW, coming.value.path().read_text(encoding="utf-8"))
    assert found == 1
    file.write_text(text, encoding="utf-8")
    owner.follow("Membership scheme", page.get_by_role("main"))
    owner.follow("Publish a file")
    owner.label(owner.words("Scheme file")).set_input_files(file)
    owner.fill("In force from", office_day().isoformat())
    owner.press("Look at the changes")
    changed = page.get_by_role("rowheader").all_inner_texts()
    assert changed and all("student.route" in place for place in changed), changed
    owner.press("Publish")
    owner.reads("Version %(version)s is published; every society is being told.", version=2)
    house.close_all()

    def told() -> bool | None:
        published = house.demo.program("welding", "registrar").rows("schemes/")
        return any(each["version"] == 2 for each in published) or None

    until(told, "the version at the branch")


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_officer_approves_three_students_together_with_the_keyboard(
    entrance: Entrance, language: Language, width: int
) -> None:
    students = [student_at_the_branch(entrance) for _each in range(3)]
    cases = [case_of(entrance, who) for who in students]
    officer = entrance.staff("hq", "officer", language, width)
    page, words, hands = officer.page, officer.words, Hands(officer.page)
    main = page.get_by_role("main")
    go_to(officer, "Approvals")
    expect(main.get_by_role("checkbox")).to_have_count(3)  # and nobody else's: seniors are decided one by one
    boxes = [main.locator(f"input[name=case][value='{case['id']}']") for case in cases]
    for box, who in zip(boxes, students, strict=True):
        expect(box).to_have_accessible_name(re.compile(re.escape(who.who.name)))

    button = officer.button("Approve those chosen…")
    follow(officer, hands, button)  # nobody is chosen
    officer.reads("Choose the cases to approve first.")
    follow(officer, hands, main.locator("#together").get_by_role("link"))  # all of them without choosing
    expect(main.get_by_role("rowheader")).to_have_count(3)
    follow(officer, hands, main.get_by_role("link", name=words("Cancel"), exact=True))
    for box in sorted(boxes, key=height_on_page):  # the way that Tab goes
        hands.tick(box)
    officer.look()
    follow(officer, hands, button)
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Approve together"))
    expect(main.get_by_role("rowheader")).to_have_count(3)
    for case in cases:
        officer.reads_named(case["reference"])
        assert entrance.offices.application("welding", case["reference"])["state"] == "in_progress"
    follow(officer, hands, main.locator("form[method=post] button"))

    expect(page.get_by_role("heading", level=1)).to_have_text(words("Approved together"))
    expect(main.locator("td").get_by_text(words("Approved"), exact=True)).to_have_count(3)
    for who in students:
        has_become_a_member(entrance, who)
    page.reload()  # what was sent is sent again, and approves nobody a second time
    expect(main.locator("td").get_by_text(words("Not approved"), exact=True)).to_have_count(3)
    go_to(officer, "Approvals")
    expect(main.get_by_role("checkbox")).to_have_count(0)


def student_at_the_branch(entrance: Entrance) -> Stranger:
    """Somebody who has just handed in, and waits."""
    who = Stranger(entrance.demo, entrance.offices)
    who.come_by_list("student", "branch", entrance.demo.number_of("welding"))
    page = who.hand_in("student")
    assert "You are a member." not in page.words, page.words[:900]
    return who


def case_of(entrance: Entrance, who: Stranger) -> dict[str, Any]:
    return until(lambda: entrance.offices.case_of(who.application), "the case on the desk")


def has_become_a_member(entrance: Entrance, who: Stranger) -> None:
    """In the branch's books, and on headquarters' roll."""
    offices = entrance.offices
    member = until(lambda: offices.member_of("welding", who.application, who.who.name), "the member at the branch")
    assert (member["category"], member["state"]) == ("student", "active")
    entry = until(lambda: offices.on_roll(member["number"]), "the member on the roll")
    assert (entry["society"], entry["name"]) == ("101", who.who.name)


def follow(officer: Visitor, hands: Hands, target: Locator) -> None:
    """Press what leads to another page, and look at where it leads."""
    hands.follow(target)
    officer.look()


def height_on_page(box: Locator) -> float:
    place = box.bounding_box()
    assert place
    return place["y"]
