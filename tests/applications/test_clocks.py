"""What time does, at exact days; each as often as one likes with one effect."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from federation.models import OutboxMessage
from huilian.applications.models import Application, Paper, StepRecord
from huilian.applications.papers import attach_paper
from huilian.applications.queries import overdue_applications
from huilian.applications.services import (
    endorse_application,
    expire_unpaid,
    forget_drafts,
    remind_breached,
    remind_unpaid,
)
from huilian.applications.tasks import watch_clocks
from huilian.journal.models import Record
from huilian.notices.models import Notice
from tenants.models import Society
from tests.applications.forms import AT, another, draft, pdf, staff, submit
from tests.federation_fixture import Federation

State = Application.State


def noon(day: date) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T12:00:00+08:00")


def test_unpaid_expires_the_day_after_the_last_day(in_welding: Society) -> None:
    application = submit()
    assert application.step_due_on == date(2026, 4, 1)
    assert expire_unpaid(date(2026, 4, 1), noon(date(2026, 4, 1))) == 0
    late = noon(date(2026, 4, 2))
    assert expire_unpaid(date(2026, 4, 2), late) == 1
    assert expire_unpaid(date(2026, 4, 2), late) == 0
    stored = Application.objects.get()
    assert (stored.state, stored.ended_at, stored.step) == (State.EXPIRED, late, "")
    assert list(OutboxMessage.objects.filter(type="dues.withdrawn").values_list("receiver", "payload")) == [
        ("100", {"application_id": str(stored.pk), "reason": "expired"})
    ]
    assert Notice.objects.filter(event="application.expired").count() == 2
    assert "2026年4月1日" in Notice.objects.get(event="application.expired", channel="email").body
    assert StepRecord.objects.filter(outcome="expired", kind="pay", actor="system").count() == 1
    assert submit().state == State.IN_PROGRESS  # one may apply anew at once


def test_a_senior_application_that_waits_for_staff_never_expires(in_welding: Society) -> None:
    submit("senior")
    assert expire_unpaid(date(2030, 1, 1), noon(date(2030, 1, 1))) == 0


def test_the_applicant_is_asked_once_more_a_week_before(in_welding: Society) -> None:
    submit()
    assert remind_unpaid(date(2026, 3, 24), noon(date(2026, 3, 24))) == 0
    assert remind_unpaid(date(2026, 3, 25), noon(date(2026, 3, 25))) == 1
    assert remind_unpaid(date(2026, 3, 26), noon(date(2026, 3, 26))) == 0
    assert Notice.objects.filter(event="dues.please_pay").count() == 4
    assert Record.objects.filter(verb="application.reminded").count() == 1
    assert Application.objects.get().version == 2  # headquarters need not know


def test_staff_who_are_late_are_noted_once(in_welding: Society) -> None:
    application = submit("senior")
    assert application.step_due_on == date(2026, 3, 9)
    assert remind_breached(date(2026, 3, 9), noon(date(2026, 3, 9))) == 0
    assert list(overdue_applications(date(2026, 3, 9))) == []
    late = date(2026, 3, 10)
    assert remind_breached(late, noon(late)) == 1
    assert remind_breached(late, noon(late)) == 0
    assert list(overdue_applications(late)) == [application]
    entry = Record.objects.get(verb="application.overdue")
    assert entry.facts == {"step": "endorse", "due_on": "2026-03-09", "on_breach": "escalate"}
    assert Application.objects.get().state == State.IN_PROGRESS
    # The next step has a clock, and a reminder, of its own.
    endorse_application(Application.objects.get(), by_user=staff(), at=noon(late))
    due = Application.objects.get().step_due_on
    assert due == date(2026, 3, 24)
    assert remind_breached(due + timedelta(days=1), noon(due + timedelta(days=1))) == 1


def test_a_deadline_counts_in_the_society_s_own_days(in_welding: Society) -> None:
    """23:30 in Shanghai on Friday and 00:30 on Saturday are one working day apart in nothing."""
    friday = submit("senior", another("senior"), at=datetime.fromisoformat("2026-03-06T23:30:00+08:00"))
    saturday = submit("senior", another("senior"), at=datetime.fromisoformat("2026-03-07T00:30:00+08:00"))
    assert (friday.step_due_on, saturday.step_due_on) == (date(2026, 3, 13), date(2026, 3, 13))
    thursday = submit("senior", another("senior"), at=datetime.fromisoformat("2026-03-05T23:30:00+08:00"))
    assert thursday.step_due_on == date(2026, 3, 12)


def test_holidays_move_the_deadline(in_welding: Society) -> None:
    eve = datetime.fromisoformat("2026-09-30T10:00:00+08:00")
    assert submit("senior", at=eve).step_due_on == date(2026, 10, 13)


def test_old_drafts_go_with_their_papers(in_welding: Society, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    old = draft("senior", at=AT - timedelta(days=91))
    attach_paper(old, "qualification", pdf(), file_name="a.pdf", at=AT)
    young = draft(at=AT - timedelta(days=89))
    kept = submit()
    assert forget_drafts(AT) == 1
    assert set(Application.objects.values_list("pk", flat=True)) == {young.pk, kept.pk}
    assert Paper.objects.count() == 0


def test_the_clock_runs_as_a_task(federation: Federation) -> None:
    with federation.inside(federation.welding):
        submit(at=datetime.fromisoformat("2020-01-06T10:00:00+08:00"))
    watch_clocks(federation.welding.schema_name)
    watch_clocks(federation.welding.schema_name)
    with federation.inside(federation.welding):
        assert Application.objects.get().state == State.EXPIRED
        assert OutboxMessage.objects.filter(type="dues.withdrawn").count() == 1


@pytest.mark.parametrize("state", ["withdrawn", "member"])
def test_what_has_ended_is_left_alone(in_welding: Society, state: str) -> None:
    from huilian.applications.services import withdraw_application

    if state == "member":
        submit("student")
    else:
        withdraw_application(submit(), by="user:1", at=AT)
    far = date(2030, 1, 1)
    assert [expire_unpaid(far, noon(far)), remind_unpaid(far, noon(far)), remind_breached(far, noon(far))] == [0, 0, 0]
