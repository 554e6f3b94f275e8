"""How the console writes what rows hold as codes: in each language's habit, and without a machine's."""

from datetime import date

import pytest
from django.utils.translation import override

from huilian.portals.console.dossier import answer_facts
from huilian.portals.console.facts import facts_words, reason_words
from huilian.portals.console.words import day_names, in_ones_words, masked, month_names, step_order
from huilian.schemes.loading import load_preset
from tenants.models import Society

DAYS = [date(2025, 12, 1), date(2026, 1, 24)]


@pytest.mark.parametrize(
    ("language", "months", "days"),
    [("en", ["Dec", "Jan"], ["1 Dec", "24 Jan"]), ("zh-hans", ["12月", "1月"], ["12/1", "1/24"])],
)
def test_the_axis_of_a_chart_names_months_and_days(language: str, months: list[str], days: list[str]) -> None:
    with override(language):
        assert month_names(DAYS) == months
        assert day_names(DAYS) == days


def test_what_is_hidden_is_hidden_as_people_hide_it() -> None:
    assert masked("+8613800000004") == "+86138****0004"
    assert masked("li.ming@example.org") == "l***@example.org"


def test_steps_come_in_the_order_of_the_way() -> None:
    assert sorted(["pay", "odd", "confirm", "endorse", "review"], key=step_order) == [
        "endorse", "review", "pay", "confirm", "odd",
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "written"), [("en", "7 March 1990"), ("zh-hans", "1990年3月7日")])
def test_a_day_among_the_answers_is_a_day(language: str, written: str) -> None:
    student = load_preset("cmes").category("student")
    with override(language):
        told = [str(fact.value) for fact in answer_facts(student, {"name": "李明", "birth_date": "1990-03-07"})]
        odd = [str(fact.value) for fact in answer_facts(student, {"birth_date": "spring of 1990"})]
    assert told == ["李明", written]
    assert odd == ["spring of 1990"]


def test_an_amount_in_the_journal_has_its_currency(in_welding: Society) -> None:
    with override("zh-hans"):
        assert facts_words({"years": 3, "amount_minor": 15000}) == "年数：3 · 金额：¥150.00"
        assert facts_words({"amount_minor": 15000, "currency": "HKD"}) == "金额：HK$150.00"


def test_a_reason_is_what_was_written_or_the_invitation() -> None:
    with override("zh-hans"):
        assert reason_words("invitation 12") == "邀请 12"
        assert reason_words("invitation by letter") == "invitation by letter"
        assert reason_words("理事会决议") == "理事会决议"


@pytest.mark.parametrize(("language", "written"), [("en", "Joining manual, “Dues”"), ("zh-hans", "入会手册“会费标准”")])
def test_what_was_written_in_both_languages_is_read_in_ones_own(language: str, written: str) -> None:
    with override(language):
        assert in_ones_words("入会手册“会费标准” / Joining manual, “Dues”") == written
        for plain in ("第3号 / 第4号", "No. 3 / No. 4", "第十二次会员代表大会决议第3号", ""):
            assert in_ones_words(plain) == plain
