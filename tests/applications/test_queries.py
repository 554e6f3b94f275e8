"""Lists and searches, at one and at three rows in the same number of queries."""

from datetime import timedelta
from typing import Any

import pytest

from federation.models import OutboxMessage
from huilian.applications.queries import (
    applications_of,
    endorsement_queue,
    reported_rows,
    search_applications,
    visible_answers,
)
from huilian.applications.services import replay
from tenants.models import Society
from tests.applications.forms import AT, another, draft, person, submit


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_is_one_query(in_welding: Society, django_assert_num_queries: Any, rows: int) -> None:
    for number in range(rows):
        submit("senior", another("senior"), at=AT + timedelta(days=2 - number))
    submit("ordinary", another())
    with django_assert_num_queries(1):
        waiting = list(endorsement_queue())
    assert len(waiting) == rows
    days = [each.step_due_on for each in waiting if each.step_due_on]
    assert days == sorted(days) and len(days) == rows


def test_searching(in_welding: Society) -> None:
    li = submit(answers=person())
    other = submit("senior", another("senior"))
    draft()
    assert set(search_applications()) == {li, other}
    for text in (li.reference.lower(), "138 0000 0001", "LI@example.org"):
        assert list(search_applications(text)) == [li], text
    assert set(search_applications("李明")) == {li, other}
    assert list(search_applications("李明", category="senior")) == [other]
    assert list(search_applications(step="endorse")) == [other]
    assert list(search_applications(state="member")) == []
    assert list(search_applications("a\x00b" * 100)) == []


def test_staff_do_not_see_what_is_restricted(in_welding: Society) -> None:
    application = submit(answers=person(political_status="masses"))
    assert application.answers["political_status"] == "masses"
    assert "political_status" not in visible_answers(application)
    assert visible_answers(application)["employer"] == "第一机床厂"


def test_one_s_own_applications(in_welding: Society) -> None:
    application = submit()
    submit(answers=another())
    assert application.user is not None
    assert list(applications_of(application.user)) == [application]


def test_the_statement_names_what_was_reported(in_welding: Society) -> None:
    application = submit()
    draft()
    assert list(reported_rows()) == [(application.pk, 2, "in_progress", 0)]


def test_replaying_makes_a_newer_report(in_welding: Society) -> None:
    application = submit()
    unsent = draft()
    replay([application.pk, unsent.pk])
    reports = OutboxMessage.objects.filter(type="application.reported").order_by("id")
    assert [(report.payload["reference"], report.payload["row_version"]) for report in reports] == [
        (application.reference, 2),
        (application.reference, 3),
    ]
    assert list(reported_rows()) == [(application.pk, 3, "in_progress", 0)]
