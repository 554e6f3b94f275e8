"""What the applicant sees: done, now and by when, next and how long, passed by, failed and why."""

from datetime import date, timedelta
from typing import Any

from django.utils import translation

from huilian.applications.models import Application
from huilian.applications.queries import timeline
from huilian.applications.services import (
    endorse_application,
    receive_bill,
    receive_verdict,
    refuse_application,
    withdraw_application,
)
from tenants.models import Society
from tests.applications.forms import AT, draft, staff, submit
from tests.applications.test_money import bill
from tests.applications.verdicts import verdict

LATER = AT + timedelta(days=1)


def seen(application: Application, **asked: Any) -> list[tuple[str, str, date | None]]:
    stored = Application.objects.get(pk=application.pk)
    return [(step.kind, step.state, step.due_on) for step in timeline(stored, **asked)]


def test_a_draft_has_everything_ahead(in_welding: Society) -> None:
    assert seen(draft()) == [
        ("submit", "now", None),
        ("pay", "next", None),
        ("confirm", "next", None),
        ("activate", "next", None),
    ]


def test_a_student_is_through_at_once(in_welding: Society) -> None:
    application = submit("student")
    steps = timeline(application)
    assert [(step.kind, step.state, step.at) for step in steps] == [
        ("submit", "done", AT),
        ("activate", "done", AT),
    ]


def test_the_way_of_a_senior_application(in_welding: Society) -> None:
    application = submit("senior")
    assert seen(application) == [
        ("submit", "done", None),
        ("endorse", "now", date(2026, 3, 9)),
        ("review", "next", None),
        ("pay", "next", None),
        ("confirm", "next", None),
        ("activate", "next", None),
    ]
    assert [step.clock_days for step in timeline(application)] == [None, 5, 10, None, 3, None]
    endorse_application(application, by_user=staff(), at=AT)
    receive_verdict(verdict(application), at=LATER)
    receive_bill(bill(application, "reported", 2, at=LATER), at=LATER)
    assert seen(application) == [
        ("submit", "done", None),
        ("endorse", "done", date(2026, 3, 9)),
        ("review", "done", date(2026, 3, 16)),
        ("pay", "done", date(2026, 4, 2)),
        ("confirm", "now", date(2026, 3, 6)),
        ("activate", "next", None),
    ]
    receive_bill(bill(application, "settled", 3, at=LATER), at=LATER)
    assert {state for _kind, state, _due in seen(application)} == {"done"}


def test_who_acts_is_said_in_the_reader_s_language(in_welding: Society) -> None:
    application = submit("senior")
    with translation.override("en"):
        texts = [step.actor_text for step in timeline(application)]
    assert texts == [
        "You",
        "Welding Branch",
        "Headquarters of the Chinese Mechanical Engineering Society",
        "You",
        "Headquarters of the Chinese Mechanical Engineering Society",
        "Automatically",
    ]
    with translation.override("zh-hans"):
        assert [step.actor_text for step in timeline(application)][1:3] == ["焊接分会", "中国机械工程学会工作总部"]


def test_a_refusal_shows_where_and_why_and_nothing_after(in_welding: Society) -> None:
    application = submit("senior")
    refuse_application(application, by_user=staff(), reasons="不符合条件。", at=LATER)
    assert [(step.kind, step.state, step.reason) for step in timeline(application)] == [
        ("submit", "done", ""),
        ("endorse", "failed", "不符合条件。"),
        ("review", "skipped", ""),
        ("pay", "skipped", ""),
        ("confirm", "skipped", ""),
        ("activate", "skipped", ""),
    ]


def test_a_withdrawal_shows_as_the_end(in_welding: Society) -> None:
    application = withdraw_application(submit(), by="user:1", at=LATER)
    assert [(step.kind, step.state, step.at) for step in timeline(application)][1] == ("pay", "failed", LATER)


def test_a_rejected_voucher_says_why(in_welding: Society) -> None:
    application = submit()
    receive_bill(bill(application, "reported", 2), at=LATER)
    receive_bill(bill(application, "open", 3, reason="金额不符。"), at=LATER)
    steps = timeline(Application.objects.get())
    assert [(step.kind, step.state, step.reason) for step in steps] == [
        ("submit", "done", ""),
        ("pay", "now", "金额不符。"),
        ("confirm", "next", ""),
        ("activate", "next", ""),
    ]


def test_headquarters_passes_the_endorsement_by(in_hq: Society) -> None:
    assert seen(draft("senior"))[1] == ("endorse", "skipped", None)
    assert seen(submit("senior"))[1:3] == [("endorse", "skipped", None), ("review", "now", date(2026, 3, 16))]


def test_lateness_is_judged_by_the_day_given(in_welding: Society) -> None:
    application = submit("senior")
    assert not timeline(application, on=date(2026, 3, 9))[1].overdue
    assert timeline(application, on=date(2026, 3, 10))[1].overdue
    assert not timeline(application)[1].overdue


def test_it_costs_one_query(in_welding: Society, django_assert_num_queries: Any) -> None:
    application = submit("senior")
    with django_assert_num_queries(1):
        timeline(application)
