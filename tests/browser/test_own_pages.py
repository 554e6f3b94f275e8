"""A member's own pages: the photo for the card by mouse, finger, keys and without scripts; a code read by camera."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.applicant import Applicant
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.inspecting import check_accessible
from tests.browser.words import Language
from tests.journeys.office import until
from tests.journeys.people import newcomer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)


def photo() -> dict[str, object]:
    """Red on the left, green in the middle, blue on the right."""
    image = Image.new("RGB", (1200, 800), GREEN)
    image.paste(RED, (0, 0, 400, 800))
    image.paste(BLUE, (800, 0, 1200, 800))
    written = io.BytesIO()
    image.save(written, "JPEG")
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def member(entrance: Entrance, language: Language, width: int, **options: object) -> Applicant:
    """A student who has just joined the welding branch."""
    li = Applicant(entrance, entrance.visitor(language, width, **options))
    li.visitor.open(f"{entrance.demo.hosts['welding']}join/?category=student")
    li.fill_in("student")
    li.prove_contact("student")
    li.submit()
    li.set_password()
    return li


def chosen(li: Applicant) -> Page:
    """The page for the photo, with a photo in the field."""
    page = li.visitor.page
    li.visitor.open(f"{li.entrance.demo.hosts['welding']}my/portrait/")
    page.locator("input[type=file]").set_input_files(photo())  # type: ignore[arg-type]
    if li.visitor.has_scripts:
        expect(page.locator("[data-crop]")).to_be_visible()
    return page


def colours(li: Applicant) -> list[str]:
    """Save, and name the colours of the photo on the card, from left to right."""
    page = li.visitor.page
    li.visitor.press("Save the photo")
    li.visitor.reads("Your photo is on your card.")
    expect(page.locator("img.portrait")).to_be_visible()
    answer = page.goto(f"{li.entrance.demo.hosts['welding']}my/portrait.jpg")
    assert answer
    image = Image.open(io.BytesIO(answer.body()))
    names = {RED: "red", GREEN: "green", BLUE: "blue"}
    found = []
    for across in (0.04, 0.5, 0.96):
        pixel = image.getpixel((int(image.width * across), image.height // 2))
        assert isinstance(pixel, tuple)
        found.append(
            next(name for colour, name in names.items() if max(map(abs, map(int.__sub__, pixel, colour))) < 60)
        )
    return found


def middle(frame: Locator) -> tuple[float, float]:
    box = frame.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_frame_is_dragged_with_a_mouse(entrance: Entrance) -> None:
    li = member(entrance, "en", DESK)
    page = chosen(li)
    check_accessible(page)
    page.locator("[data-crop-frame]").scroll_into_view_if_needed()
    x, y = middle(page.locator("[data-crop-frame]"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2000, y, steps=5)
    page.mouse.up()
    assert colours(li) == ["green", "blue", "blue"]


def test_the_frame_is_dragged_with_a_finger_on_a_phone(entrance: Entrance) -> None:
    li = member(entrance, "zh", PHONE)
    page = chosen(li)
    check_accessible(page)
    page.locator("[data-crop-frame]").scroll_into_view_if_needed()
    x, y = middle(page.locator("[data-crop-frame]"))
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": max(x - step * 60, 1), "y": y}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert colours(li) == ["red", "red", "green"]


def test_the_frame_is_moved_and_made_smaller_by_keys(entrance: Entrance) -> None:
    li = member(entrance, "en", PHONE)
    page = chosen(li)
    page.locator("[data-crop-size]").focus()
    page.keyboard.press("Home")  # as small as it may be
    page.keyboard.press("Tab")
    expect(page.locator("[data-crop-across]")).to_be_focused()
    page.keyboard.press("Home")
    assert colours(li) == ["red", "red", "red"]


def test_without_scripts_the_middle_is_kept(entrance: Entrance) -> None:
    li = member(entrance, "zh", PHONE, java_script_enabled=False)
    chosen(li)
    assert colours(li) == ["red", "green", "blue"]


def test_the_phone_is_changed_and_signs_in_at_headquarters(entrance: Entrance) -> None:
    li = member(entrance, "en", PHONE)
    visitor, home = li.visitor, entrance.demo.hosts["welding"]
    new = newcomer().mobile
    visitor.open(f"{home}my/contact/")
    visitor.fill("New mobile number or e-mail", new)
    visitor.fill("Your password", li.who.password)
    visitor.press("Send a code")
    visitor.reads_named("A code was sent to")
    visitor.fill("Code", entrance.offices.code_sent_to("welding", new))
    visitor.press("Confirm")
    visitor.reads("Changed. Please sign in by it from now on.")
    again = entrance.visitor("en", PHONE)
    entrance.sign_in(again, f"{home}sign-in/", new, li.who.password)
    again.page.wait_for_url(f"{home}my/**")


_CAMERA = """
  window.tracks = [];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
    canvas.getContext("2d").fillRect(0, 0, 64, 64);
    const stream = canvas.captureStream(5);
    window.tracks.push(...stream.getTracks());
    return stream;
  } } });
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return window.seen ? [{ rawValue: window.seen }] : []; }
  };
"""


def scanning(entrance: Entrance) -> Page:
    """The joining page of a branch on a phone whose browser reads codes, the camera on."""
    visitor = entrance.visitor("en", PHONE)
    visitor.page.add_init_script(_CAMERA)
    visitor.open(f"{entrance.demo.hosts['welding']}join/")
    visitor.button("Scan").click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    until(
        lambda: visitor.page.evaluate("window.tracks.map(track => track.readyState)") == ["live"] or None, "the camera"
    )
    return visitor.page


def test_a_code_is_read_by_the_camera(entrance: Entrance) -> None:
    page, code = scanning(entrance), entrance.demo.codes["foundry"][0]
    page.evaluate("link => { window.seen = link; }", f"{entrance.demo.hosts['foundry']}r/{code}/")
    page.wait_for_url(f"{entrance.demo.hosts['foundry']}r/{code}/")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.org/r/101-WY8T-74K6-9/",
        "http://welding.localhost.evil.example.org/r/101-WY8T-74K6-9/",
        "javascript:alert(1)",
        "http://welding.localhost:1/r/101-WY8T-74K6-9/",
        "{home}sign-out/",
        "hello",
    ],
)
def test_links_of_anybody_else_are_not_followed(entrance: Entrance, link: str) -> None:
    page = scanning(entrance)
    before = page.url
    page.evaluate("link => { window.seen = link; }", link.format(home=entrance.demo.hosts["welding"]))
    expect(page.locator("[data-scan-words]")).to_have_text("This is no referral code of ours.")
    assert page.url == before


def test_the_camera_is_let_go(entrance: Entrance) -> None:
    page = scanning(entrance)
    check_accessible(page)
    page.get_by_role("dialog").get_by_role("button").click()
    until(
        lambda: page.evaluate("window.tracks.map(track => track.readyState)") == ["ended"] or None,
        "the camera to be let go",
    )


def test_who_allows_no_camera_is_told_what_else_to_do(entrance: Entrance) -> None:
    visitor = entrance.visitor("en", PHONE)
    refusing = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
    visitor.page.add_init_script(_CAMERA + refusing)
    visitor.open(f"{entrance.demo.hosts['welding']}join/")
    visitor.button("Scan").click()
    expect(visitor.page.locator("[data-scan-words]")).to_contain_text("The camera cannot be used.")


def test_without_a_reader_of_codes_there_is_no_button_but_advice(entrance: Entrance) -> None:
    visitor = entrance.visitor("en", PHONE)
    visitor.page.add_init_script("delete window.BarcodeDetector;")
    visitor.open(f"{entrance.demo.hosts['welding']}join/")
    expect(visitor.page.locator("[data-scan-open]")).to_be_hidden()
    expect(visitor.page.locator("[data-scan-otherwise]")).to_be_visible()


def test_the_own_code_is_shared_where_the_phone_can(entrance: Entrance) -> None:
    li = member(entrance, "en", PHONE)
    page = li.visitor.page
    page.add_init_script("navigator.share = async (what) => { window.shared = what; };")
    li.visitor.open(f"{entrance.demo.hosts['welding']}my/")
    li.visitor.button("Share").click()
    shared = page.evaluate("window.shared")
    assert re.search(r"^http://welding\.localhost:\d+/r/101-[0-9A-Z-]+/$", shared["url"])
    assert shared["title"] == "Join the Welding Branch"
