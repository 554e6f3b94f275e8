"""Who was a member on a past day: by name, in the category of that day, as many as the figures of that day say."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.ledger.listing import standing_on
from federation.ledger.past import stood_on
from federation.ledger.projecting import MEMBERS
from huilian.accounts.models import Role
from huilian.journal.models import Record
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import AT, member
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.test_past import lines

FIGURES = "/console/federation/past/"
PAGE = f"{FIGURES}members/"
JULY = AT.replace(month=7)


@pytest.fixture
def books(federation: Federation) -> Federation:
    """Two joined in January and February; in July one rose to senior, the other's membership ended."""
    with federation.inside(federation.hq), transaction.atomic():
        MEMBERS.apply([(member(1), "101", AT), (member(2, month=2), "101", AT), (member(3, month=2), "201", AT)])
        MEMBERS.apply([(member(1, version=2, category="senior"), "101", JULY)])
        MEMBERS.apply([(member(2, month=2, version=2, state="ended"), "101", JULY)])
    return federation


@pytest.fixture
def zhou(books: Federation) -> Desk:
    return at_desk(books.hq, Role.OWNER)


def test_the_figures_lead_to_those_who_were_counted(zhou: Desk) -> None:
    zhou.get(FIGURES, {"as_of": "2026-03-01", "society": "101"})
    assert f'href="{PAGE}?as_of=2026-03-01&amp;society=101"' in zhou.text
    assert f'href="{PAGE}?as_of=2026-03-01&amp;society=101&amp;category=ordinary"' in zhou.text
    zhou.get(FIGURES, {"as_of": "2026-03-01"})
    assert PAGE not in zhou.text


def test_one_society_at_a_time(zhou: Desk) -> None:
    zhou.get(PAGE, {"as_of": "2026-06-30"})
    assert "Choose a society" in zhou.words and "会员" not in zhou.words


def test_each_in_the_category_of_that_day(zhou: Desk) -> None:
    zhou.get(PAGE, {"as_of": "2026-06-30", "society": "101"})
    assert "In standing at the end of 30 June 2026." in zhou.words
    assert "会员1 1010000001B Welding Branch Ordinary member 5 January 2026 Active" in zhou.words
    assert "会员2 1010000002B Welding Branch Ordinary member 5 February 2026 Ended" in zhou.words
    assert "会员3" not in zhou.words and "1–2 of 2" in zhou.words
    zhou.get(PAGE, {"as_of": "2026-07-31", "society": "101"})
    assert "会员1 1010000001B Welding Branch Senior member" in zhou.words and "会员2" not in zhou.words
    zhou.get(PAGE, {"as_of": "2026-07-31", "society": "101", "category": "senior"})
    assert "会员1" in zhou.words and "1–1 of 1" in zhou.words
    zhou.get(PAGE, {"as_of": "2026-07-31", "society": "101", "category": "ordinary"})
    assert "Nobody was a member in standing on that day" in zhou.words


@pytest.mark.parametrize("wrong", ["1899-12-31", "tomorrow", "2999-01-01"])
def test_a_day_that_cannot_be_is_said_and_nothing_is_sent(zhou: Desk, wrong: str) -> None:
    zhou.get(PAGE, {"as_of": wrong})
    assert "Choose a day between 1900 and today" in zhou.words or "Enter a valid date" in zhou.words
    assert zhou.get(f"{PAGE}export.csv", {"as_of": wrong}).status_code == 302


def test_the_list_of_those_with_a_vote_as_a_file(books: Federation, zhou: Desk) -> None:
    zhou.get(PAGE, {"as_of": "2026-06-30", "society": "101"})
    assert f'href="{PAGE}export.csv?as_of=2026-06-30&amp;society=101"' in zhou.text
    page: Any = zhou.get(f"{PAGE}export.csv", {"as_of": "2026-06-30", "society": "101"})
    assert page["Content-Disposition"] == 'attachment; filename="members-2026-06-30.csv"'
    assert lines(page) == [
        ["Member number", "Name", "Society", "Category", "Member since"],
        ["1010000001B", "会员1", "Welding Branch", "Ordinary member", "2026-01-05"],
        ["1010000002B", "会员2", "Welding Branch", "Ordinary member", "2026-02-05"],
    ]
    zhou.get(f"{PAGE}export.xlsx", {"as_of": "2026-07-31"})
    with books.inside(books.hq):
        facts = [each.facts for each in Record.objects.filter(verb="roll.exported").order_by("seq")]
    assert facts == [
        {"rows": 2, "format": "csv", "day": "2026-06-30", "society": "101"},
        {"rows": 2, "format": "xlsx", "day": "2026-07-31"},
    ]


def test_an_officer_without_the_right_to_export_takes_nothing(books: Federation) -> None:
    officer = at_desk(books.hq, Role.OFFICER)
    officer.get(PAGE, {"as_of": "2026-06-30", "society": "101"})
    assert "会员1" in officer.words and "Export" not in officer.words
    assert officer.get(f"{PAGE}export.csv").status_code == 403
    with books.inside(books.hq):
        assert not Record.objects.filter(verb="roll.exported").exists()


REPORTS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["active", "lapsed", "ended"]),
        st.sampled_from(["student", "ordinary"]),
        st.integers(3, 12),
    ),
    max_size=12,
)


@given(reports=REPORTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_reported_they_are_as_many_as_the_figures_say(in_hq: Any, reports: list[Any]) -> None:
    with transaction.atomic():
        for version, (n, state, category, month) in enumerate(reports, start=1):
            at = AT.replace(month=month, day=15)
            MEMBERS.apply([(member(n, version=version, state=state, category=category), "101", at)])
        for day in (date(2026, 1, 4), date(2026, 1, 5), *(date(2026, month, 15) for month in range(3, 13))):
            found = stood_on(day)
            assert standing_on(day).count() == found.together.members
            for code, part in found.by_category().items():
                assert standing_on(day, society="101", category=code).count() == part.members
        transaction.set_rollback(True)
