"""Each category by each channel, in Chinese and English, on a phone and at a desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.applicant import Applicant
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.words import Language
from tests.journeys.books import office_day
from tests.journeys.office import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CATEGORIES = ("student", "ordinary", "senior", "institutional")
CHANNELS = ("branch", "province", "member", "institution", "headquarters")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOWER_RANK = (
    "The member %(number)s (%(giver)s) cannot recommend for “%(taker)s”: a lower category cannot "
    "recommend a higher one. Name a member of at least that category, or choose %(instead)s."
)

# What one types into the search field, the society that is then left, and its slug: initials, Chinese, English.
SEARCHED = {
    ("branch", "zh"): ("mcx", "摩擦学分会", "tribology"),
    ("branch", "en"): ("foundr", "Foundry Branch", "foundry"),
    ("province", "zh"): ("江苏", "江苏省机械工程学会", "jiangsu"),
    ("province", "en"): ("guangd", "Guangdong Mechanical Engineering Society", "guangdong"),
}


@dataclass(frozen=True)
class Case:
    """One way in, by somebody who reads a language on a screen of a width."""

    category: str
    channel: str
    language: Language
    width: int

    def ends_with(self) -> tuple[str, str]:
        """State and step of the application once its applicant has done everything they can."""
        match self.category:
            case "student":
                return "member", ""
            case "ordinary":
                return "in_progress", "confirm"
        return "in_progress", "review" if self.channel == "headquarters" else "endorse"

    def __str__(self) -> str:
        return f"{self.category}-{self.channel}-{self.language}-{self.width}"


def cases() -> Iterator[Case]:
    """Language and width take turns, so that each category meets all four combinations."""
    for row, category in enumerate(CATEGORIES):
        for column, channel in enumerate(CHANNELS):
            turn = row + column
            yield Case(category, channel, LANGUAGES[turn % 2], (PHONE, DESK)[turn // 2 % 2])


def test_every_category_meets_both_languages_at_both_widths() -> None:
    for category in CATEGORIES:
        met = {(case.language, case.width) for case in cases() if case.category == category}
        assert met == {(language, width) for language in LANGUAGES for width in (PHONE, DESK)}


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_a_newcomer_joins(entrance: Entrance, case: Case) -> None:
    li = Applicant(entrance, entrance.visitor(case.language, case.width))
    li.choose_category(case.category)
    society, recommender = come_by(li, case)
    assert li.society == society
    li.fill_in(case.category)
    li.prove_contact(case.category)
    li.submit()
    reference = li.reference
    li.set_password()
    if case.category == "ordinary":
        li.pay(years=1 + CHANNELS.index(case.channel))
    # Where dues are paid, headquarters tells the society of the voucher a moment later.
    row = until(lambda: arrived(entrance.offices.application(society, reference), case), f"{reference} at its end")
    told = (row["category"], row["channel"], row["recommender_number"])
    assert told == (case.category, case.channel, recommender)


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_a_recommender_of_lower_rank_is_refused_at_once(entrance: Entrance, language: Language, width: int) -> None:
    li = Applicant(entrance, entrance.visitor(language, width))
    li.choose_category("senior")
    wang = recommender(entrance, "ordinary")
    li.name_recommender("member", wang["name"], wang["number"])
    words = li.visitor.words
    giver, taker = words.category("ordinary"), words.category("senior")
    sentence = words(LOWER_RANK, number=wang["number"], giver=giver, taker=taker, instead="|")
    li.visitor.reads_named(sentence.partition("|")[0])
    assert li.visitor.label(words("Name of the member")).input_value() == wang["name"]


def come_by(li: Applicant, case: Case) -> tuple[str, str]:
    """Choose the channel; gives the society that the application goes to, and the number of who recommends."""
    match case.channel:
        case "branch" | "province":
            searched, name, society = SEARCHED[case.channel, case.language]
            li.choose_society(case.channel, name, searched=searched)
            return society, ""
        case "headquarters":
            li.choose_headquarters()
            return "hq", ""
    wang = recommender(li.entrance, "senior" if case.channel == "member" else "institutional")
    li.name_recommender(case.channel, wang["name"], wang["number"])
    li.visitor.reads_named(f"{wang['name']} ({wang['number']})")
    return "zhejiang", wang["number"]


def arrived(row: dict[str, Any], case: Case) -> dict[str, Any] | None:
    return row if (row["state"], row["step"]) == case.ends_with() else None


def recommender(entrance: Entrance, category: str) -> dict[str, str]:
    """A member of Zhejiang in standing."""
    program = entrance.demo.program("zhejiang", "registrar")
    return program.rows("members/", category=category, state="active", standing_on=office_day().isoformat())[0]
