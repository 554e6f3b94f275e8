"""The cmes preset is the joining manual, line by line."""

from datetime import date

import pytest

from huilian.schemes.document import Scheme, Text
from huilian.schemes.fields import CATALOGUE, choices_for
from huilian.schemes.loading import load_preset

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def cmes() -> Scheme:
    return load_preset("cmes")


def test_classes_rise_from_student_to_institution(cmes: Scheme) -> None:
    assert [(row.code, row.kind, row.rank, row.grade_letter) for row in cmes.by_rank()] == [
        ("student", "person", 1, "X"),
        ("ordinary", "person", 2, "P"),
        ("senior", "person", 3, "G"),
        ("institutional", "institution", 4, "D"),
    ]
    assert cmes.open_categories() == cmes.by_rank()


@pytest.mark.parametrize(
    ("code", "minor"), [("student", None), ("ordinary", 5000), ("senior", 10000), ("institutional", 200000)]
)
def test_dues_of_one_year(cmes: Scheme, code: str, minor: int | None) -> None:
    row = cmes.dues_on(code, TODAY)
    assert (row.amount_minor if row else None) == minor
    if row:
        assert (row.amount_for(1), row.amount_for(5)) == (row.amount_minor, row.amount_minor * 5)
        assert row.resolution and row.meeting and row.effective_on == date(2019, 1, 1)


def test_one_to_five_years_are_paid_at_once(cmes: Scheme) -> None:
    assert {row.code: (row.term, row.max_years) for row in cmes.categories} == {
        "student": (1, 1),
        "ordinary": (1, 5),
        "senior": (1, 5),
        "institutional": (1, 5),
    }


def test_routes(cmes: Scheme) -> None:
    def walk(code: str) -> list[tuple[str, str, str | None, int | None]]:
        return [(step.kind, step.actor, step.role, step.clock_days) for step in cmes.category(code).route]

    assert walk("student") == [("activate", "system", None, None)]
    assert walk("ordinary") == [
        ("pay", "applicant", None, None),
        ("confirm", "headquarters", "finance", 3),
        ("activate", "system", None, None),
    ]
    senior = [
        ("endorse", "society", "registrar", 5),
        ("review", "headquarters", "officer", 10),
        ("pay", "applicant", None, None),
        ("confirm", "headquarters", "finance", 3),
        ("activate", "system", None, None),
    ]
    assert walk("senior") == senior
    assert walk("institutional") == senior
    skipped = [step.kind for step in cmes.category("senior").route if step.skip_at_headquarters]
    assert skipped == ["endorse"]


def test_an_approved_applicant_who_does_not_pay_is_not_kept_waiting(cmes: Scheme) -> None:
    for code in ("ordinary", "senior", "institutional"):
        category = cmes.category(code)
        pay = category.step("pay")
        assert pay is not None and pay.on_breach == "expire" and category.payment_days == 30
    assert cmes.category("student").payment_days is None


def test_senior_needs_a_title_or_doctorate_and_one_of_five_merits(cmes: Scheme) -> None:
    qualification, merits = cmes.category("senior").conditions
    assert qualification.at_least == 1
    assert [row.code for row in qualification.among] == ["senior_title", "doctorate"]
    assert merits.at_least == 1
    assert [row.code for row in merits.among] == ["contribution", "award", "works", "office", "activity"]
    assert merits.among[1].text == Text(
        "荣获国家级科技奖项、省级科技奖项或本会科技奖项",
        "A national or provincial award for science and technology, or one of this Society",
    )


def test_the_form_offers_the_five_merits(cmes: Scheme) -> None:
    offered = choices_for(CATALOGUE["merits"], cmes.category("senior"))
    assert [choice.code for choice in offered] == ["contribution", "award", "works", "office", "activity"]


def test_a_student_in_the_first_year_has_nothing_to_choose(cmes: Scheme) -> None:
    offered = choices_for(CATALOGUE["student_year"], cmes.category("student"))
    assert [choice.code for choice in offered] == [
        "undergraduate_2",
        "undergraduate_3",
        "undergraduate_4",
        "undergraduate_5",
        "master",
        "doctoral",
    ]


def test_certificates_and_receipts(cmes: Scheme) -> None:
    told = {
        row.code: (row.certificate.electronic, row.certificate.paper, row.certificate.photos, row.receipt)
        for row in cmes.categories
    }
    assert told == {
        "student": (True, False, 0, False),
        "ordinary": (True, False, 0, True),
        "senior": (True, True, 2, True),
        "institutional": (True, False, 0, True),
    }
    assert cmes.receipt_name is not None and cmes.receipt_name.zh == "全国性社会团体会费统一票据"


def test_five_channels_of_which_other_means_headquarters(cmes: Scheme) -> None:
    assert [(row.kind, row.name.zh) for row in cmes.channels] == [
        ("branch", "分会推荐"),
        ("province", "省学会推荐"),
        ("member", "个人会员推荐"),
        ("institution", "单位会员推荐"),
        ("headquarters", "其他"),
    ]
    assert cmes.headquarters_name.zh == "中国机械工程学会工作总部"


@pytest.mark.parametrize(
    ("giver", "taker", "lawful"),
    [
        ("student", "student", True),
        ("student", "ordinary", False),
        ("ordinary", "student", True),
        ("ordinary", "senior", False),
        ("senior", "senior", True),
        ("institutional", "senior", True),
        ("student", "institutional", True),
    ],
)
def test_a_lower_class_cannot_recommend_a_higher_one(cmes: Scheme, giver: str, taker: str, lawful: bool) -> None:
    assert cmes.may_recommend(giver, taker) is lawful


def test_the_form_asks_what_the_manual_asks(cmes: Scheme) -> None:
    person, work = {"name", "birth_date", "id_number", "school", "degree"}, {"title", "employer"}
    manual = person | work | {"address", "postcode"}
    offered = {"political_status", "work_history", "interests", "subscriptions"}
    for code in ("ordinary", "senior"):
        category = cmes.category(code)
        assert manual <= set(category.required_fields)
        assert offered <= set(category.optional_fields)
        assert "photo" in [paper.code for paper in category.papers]
    assert cmes.interests_max == 3


def test_the_number_has_eleven_characters(cmes: Scheme) -> None:
    assert cmes.member_number.format("201", 42, "G") == "2010000042G"


def test_no_money_can_go_to_the_sample_account(cmes: Scheme) -> None:
    assert cmes.remittance is not None
    assert set(cmes.remittance.account_number) == {"0", " "}
    assert "请勿汇款" in cmes.remittance.note.zh


def test_contact_is_that_of_the_manual(cmes: Scheme) -> None:
    office = cmes.office
    assert (office.email, office.phone, office.website, office.wechat) == (
        "huiyuan@cmes.org",
        "010-68799026, 010-68799008",
        "https://www.cmes.org",
        "cmes1936",
    )
