"""Joining with less: with the keyboard alone, and without any script."""

import pytest
from playwright.sync_api import expect

from huilian.schemes.fields import CATALOGUE, choices_for
from tests.browser.applicant import Applicant
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.hands import Hands
from tests.browser.words import scheme
from tests.journeys.office import until
from tests.journeys.people import answers_of, newcomer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_student_joins_with_the_keyboard_alone(entrance: Entrance) -> None:
    # Born on the 5th of May or so: some browsers ask for the day first, others for the month.
    who = next(who for who in iter(newcomer, None) if who.born.day == who.born.month)
    li = Applicant(entrance, entrance.visitor("en", DESK), who)
    page, words = li.visitor.page, li.visitor.words
    hands, main = Hands(page), page.get_by_role("main")
    category = scheme().category("student")
    page.goto(entrance.demo.hosts["hq"])

    hands.press(page.get_by_role("link", name="Skip to the content"))
    expect(main).to_be_focused()
    hands.follow(main.get_by_role("link", name="Join", exact=True))
    hands.follow(page.get_by_role("link", name="Join as Student member"))
    hands.press(page.locator("summary").filter(has_text=words.channel("branch")))
    card = page.locator("details[open]")
    hands.write(card.get_by_role("searchbox"), "hanj")
    expect(card.get_by_role("link")).to_have_text(["Welding Branch"])
    hands.follow(card.get_by_role("link"))

    answers = answers_of(li.who, "student")
    for contact in ("mobile", "email"):
        hands.write(li.visitor.label(words.field(contact)), str(answers.pop(contact)))
    hands.press(page.get_by_role("button", name="Send a code: Mobile number"))
    code = li.visitor.label("Code")
    expect(code).to_be_focused()  # the page leads on
    page.keyboard.type(entrance.offices.code_sent_to("welding", li.who.mobile))
    for name, answer in answers.items():
        field, asked = li.visitor.label(words.field(name)), CATALOGUE[name]
        if asked.kind == "choice":
            labels = {choice.code: words.of(choice.label) for choice in choices_for(asked, category)}
            hands.choose(field, labels[str(answer)])
        elif asked.kind == "date":
            hands.write(field, f"{who.born:%m%d%Y}")
            assert field.input_value() == answer
        else:
            hands.write(field, str(answer))
    for box in li.visitor.region("Your consent").get_by_role("checkbox").all():
        hands.tick(box)
    hands.follow(page.get_by_role("button", name="Submit the application"))
    page.wait_for_url("**/apply/done/**")
    li.visitor.reads("You are a member.")
    hands.write(li.visitor.label("New password"), li.who.password)
    page.keyboard.press("Enter")
    li.visitor.reads("Your new password is set.")
    hands.follow(page.get_by_role("link", name="My membership", exact=True).first)
    li.visitor.reads("Member card")
    hands.press(page.locator("summary").filter(has_text="Your menu"))
    hands.follow(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_an_ordinary_member_joins_and_pays_without_scripts(entrance: Entrance) -> None:
    li = Applicant(entrance, entrance.visitor("zh", PHONE, java_script_enabled=False))
    visitor, page = li.visitor, li.visitor.page
    li.choose_category("ordinary")
    li.choose_society("province", "浙江省机械工程学会")
    assert li.society == "zhejiang"
    li.fill_in("ordinary")
    li.prove_contact("ordinary")
    li.submit()
    reference = li.reference
    li.set_password()

    visitor.follow("My membership")
    visitor.follow("Withdraw…")
    dialog = page.get_by_role("dialog", name=visitor.words("Withdraw this application?"))
    expect(dialog).to_be_visible()  # in place, as no script opens it
    visitor.follow("Cancel", dialog)
    expect(dialog).to_be_hidden()
    page.locator("summary").filter(has_text=visitor.words("Your menu")).click()
    visitor.press("Sign out")

    entrance.sign_in(visitor, f"{entrance.demo.hosts['hq']}sign-in/", li.who.mobile, li.who.password)
    visitor.press("Go on")  # what a script would press: headquarters leads to the society that has the account
    page.wait_for_url("**/my/")
    assert li.society == "zhejiang"
    li.pay(years=2)
    row = until(lambda: _reported(entrance, reference), "the voucher at the society")
    entrance.offices.confirm(row["bill_number"], amount_minor=10000)
    until(lambda: _is_member(entrance, reference), "the membership")
    page.goto(f"{entrance.demo.hosts['zhejiang']}my/")
    visitor.reads("Member card")
    visitor.reads("You are a member.")


def _reported(entrance: Entrance, reference: str) -> dict[str, str] | None:
    row = entrance.offices.application("zhejiang", reference)
    return row if row["step"] == "confirm" else None


def _is_member(entrance: Entrance, reference: str) -> bool | None:
    return entrance.offices.application("zhejiang", reference)["state"] == "member" or None
