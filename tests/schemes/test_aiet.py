"""The aiet preset is the association's pages, line by line."""

from datetime import date

import pytest

from huilian.schemes.document import Scheme
from huilian.schemes.loading import load_preset


@pytest.fixture(scope="module")
def aiet() -> Scheme:
    return load_preset("aiet")


def test_no_fee_of_any_kind(aiet: Scheme) -> None:
    for category in aiet.categories:
        assert category.dues == () and category.receipt is False and category.step("pay") is None
        assert aiet.dues_on(category, date(2026, 11, 22)) is None
    assert aiet.remittance is None


def test_honorary_members_are_granted_and_never_apply(aiet: Scheme) -> None:
    assert [category.code for category in aiet.open_categories()] == ["individual", "institutional"]
    honorary = aiet.category("honorary")
    assert honorary.self_application is False
    assert honorary.term == "by_resolution"
    assert honorary.granted_by is not None and honorary.granted_by.zh == "协会理事会决议"


@pytest.mark.parametrize("code", ["individual", "institutional"])
def test_clocks(aiet: Scheme, code: str) -> None:
    category = aiet.category(code)
    assert [(row.kind, row.actor, row.clock_min_days, row.clock_days) for row in category.route] == [
        ("review", "headquarters", 5, 7),
        ("activate", "system", None, 3),
    ]
    assert category.reapply_after_months == 6
    assert category.term == 1
    renewal, certificate = category.renewal, category.certificate
    assert renewal is not None
    assert (renewal.needs_papers, renewal.review_days, renewal.continuous_first) == (False, 3, True)
    assert (certificate.electronic, certificate.paper) == (True, True)
    assert (certificate.paper_min_days, certificate.paper_max_days) == (7, 14)


def test_reminder_enquiries_and_hours(aiet: Scheme) -> None:
    assert aiet.reminder_days == (30,)
    assert aiet.enquiry_days == 2
    assert aiet.calendar == "HK"
    assert aiet.office.zone == "Asia/Hong_Kong"
    assert aiet.office.hours is not None and aiet.office.hours.zh == "周一至周五 09:00–18:00（香港时间）"


def test_ten_benefits_for_three_classes(aiet: Scheme) -> None:
    def cell(benefit: str, category: str) -> str:
        grant = next(row for row in aiet.benefits if row.code == benefit).grants[category]
        if not grant.included:
            return "—"
        return grant.condition.en if grant.condition else "✓"

    table = [[cell(row.code, code.code) for code in aiet.categories] for row in aiet.benefits]
    assert table == [
        ["✓", "Institutional representative", "✓"],
        ["✓", "✓", "✓"],
        ["✓", "✓", "✓"],
        ["Eligible if qualified", "Institutional nomination", "Priority nomination"],
        ["✓", "✓", "Priority"],
        ["Eligible if qualified", "Institutional nomination", "✓"],
        ["✓", "Institutional certificate", "Honorary certificate"],
        ["Position and affiliated institution", "Institution name", "Position and affiliated institution"],
        ["—", "✓", "✓"],
        ["✓", "✓", "✓"],
    ]
    assert len(aiet.benefits_of("individual")) == 9
    assert len(aiet.benefits_of("institutional")) == 10


def test_institutions_name_a_representative(aiet: Scheme) -> None:
    required = aiet.category("institutional").required_fields
    named = {"organisation_name", "representative_name", "representative_position", "representative_email"}
    assert named <= set(required)


def test_headquarters_is_the_only_door(aiet: Scheme) -> None:
    assert [channel.kind for channel in aiet.channels] == ["headquarters"]
