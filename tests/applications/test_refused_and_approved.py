"""What follows a verdict: membership, a wait before the next application, withdrawal, activation by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import User
from huilian.applications.models import Application
from huilian.applications.services import (
    endorse_application,
    receive_verdict,
    withdraw_application,
)
from huilian.members.models import Member
from huilian.notices.models import Notice
from huilian.schemes.loading import load_preset
from kit.errors import Refusal
from tenants.models import Society
from tests.applications.forms import AT, another, pdf, staff, submit
from tests.applications.verdicts import LATER, messages, outcomes, verdict

State = Application.State


@pytest.fixture
def aiet(monkeypatch: Any) -> None:
    """AIET's rules in the place of version 1: free, reviewed at headquarters, six months before another try."""
    from huilian.applications import timeline
    from huilian.applications.services import drafting, walking
    from huilian.members.services import activating

    rules = load_preset("aiet")
    for room in (drafting, walking, timeline):
        monkeypatch.setattr(room, "scheme_version", lambda version: rules)
    monkeypatch.setattr(activating, "current_scheme", lambda on: rules)


def individual(**changes: Any) -> dict[str, Any]:
    return {
        "name": "李明", "name_en": "Li Ming", "degree": "doctorate", "employer": "HKUST", "position": "Professor",
        "field_of_work": "Robotics", "region": "Hong Kong", "address": "Clear Water Bay", "email": "li@ust.hk",
        **changes,
    }  # fmt: skip


def apply_to_aiet(at: datetime = AT, **changes: Any) -> Application:
    return submit("individual", individual(**changes), papers={"cv": pdf()}, at=at)


def test_free_and_approved_is_a_member_at_once(in_hq: Society, aiet: None) -> None:
    application = apply_to_aiet()
    assert (application.step, application.step_due_on) == ("review", date(2026, 3, 11))  # seven working days
    assert [notice.event for notice in Notice.objects.all()] == ["application.acknowledged"]
    receive_verdict(verdict(application), sender="100", at=LATER)
    stored = Application.objects.get()
    assert (stored.state, stored.dues_unit_minor, stored.bill_id) == (State.MEMBER, None, None)
    member = Member.objects.get(application_id=stored.pk)
    assert (member.from_on, member.to_on) == (date(2026, 3, 3), date(2027, 3, 3))
    assert messages("dues.requested") == messages("dues.withdrawn") == []
    assert sorted(Notice.objects.filter(queued_at=LATER).values_list("event", flat=True)) == [
        "application.approved",
        "membership.welcome",
    ]


def test_refused_one_waits_six_months(in_hq: Society, aiet: None) -> None:
    application = apply_to_aiet()
    receive_verdict(verdict(application, "refused"), sender="100", at=LATER)
    assert Application.objects.get().reapply_on == date(2026, 9, 3)
    day_before = datetime.fromisoformat("2026-09-02T12:00:00+08:00")
    with pytest.raises(Refusal) as refused:
        apply_to_aiet(at=day_before)
    assert (refused.value.code, refused.value.status) == ("too_early", 409)
    assert refused.value.facts["reapply_on"] == date(2026, 9, 3)
    again = apply_to_aiet(at=day_before + timedelta(days=1))
    assert again.state == State.IN_PROGRESS


def test_who_only_shares_an_unproven_address_is_not_barred(in_hq: Society, aiet: None) -> None:
    application = apply_to_aiet()
    receive_verdict(verdict(application, "refused"), sender="100", at=LATER)
    other = submit(
        "individual",
        individual(mobile="13700000001"),
        papers={"cv": pdf()},
        confirmed_contact="13700000001",
        at=LATER,
    )
    assert other.state == State.IN_PROGRESS


def test_what_headquarters_knew_of_other_societies_bars_too(in_welding: Society) -> None:
    from huilian.applications.channels import EarlierRefusal

    told = (
        EarlierRefusal(
            contact_hash=contact_hash("phone", "+8613800000001"),
            category="senior",
            reapply_on=date(2026, 9, 1),
        ),
    )
    with pytest.raises(Refusal) as refused:
        submit("senior", ticket={"refusals": told})
    assert refused.value.facts["reapply_on"] == date(2026, 9, 1)
    assert submit("ordinary", ticket={"refusals": told}).state == State.IN_PROGRESS  # another category
    assert submit("senior", another("senior"), ticket={"refusals": told}).state == State.IN_PROGRESS


@pytest.mark.parametrize(
    "months, refused_on, expected",
    [
        (6, date(2026, 3, 2), date(2026, 9, 2)),
        (6, date(2026, 8, 31), date(2027, 3, 1)),  # there is no 31 February
        (6, date(2026, 12, 15), date(2027, 6, 15)),
        (1, date(2026, 11, 30), date(2026, 12, 30)),
        (1, date(2026, 12, 31), date(2027, 1, 31)),
        (2, date(2026, 12, 31), date(2027, 3, 1)),
        (12, date(2028, 2, 29), date(2029, 3, 1)),
        (0, date(2026, 3, 2), None),
    ],
)
def test_the_wait_is_counted_in_whole_months(months: int, refused_on: date, expected: date | None) -> None:
    import msgspec

    from huilian.applications.rules import reapply_date

    category = msgspec.structs.replace(load_preset("aiet").category("individual"), reapply_after_months=months)
    assert reapply_date(category, refused_on=refused_on) == expected


def test_withdrawing_is_possible_at_any_point_before_membership(in_welding: Society) -> None:
    for category in ("ordinary", "senior"):
        application = submit(category, another(category))
        withdraw_application(application, by="user:1", at=LATER)
        assert (application.state, application.ended_at) == (State.WITHDRAWN, LATER)
        with pytest.raises(Refusal) as refused:
            withdraw_application(application, by="user:1", at=LATER)
        assert refused.value.code == "not_under_way"
    assert [dues["reason"] for dues in messages("dues.withdrawn")] == ["withdrawn"]  # only ordinary owed
    member = submit("student", another("student"))
    with pytest.raises(Refusal) as refused:
        withdraw_application(member, by="user:1", at=LATER)
    assert refused.value.code == "not_under_way"
    assert User.objects.count() == 3


@pytest.mark.parametrize("actor", ["society", "headquarters"])
def test_activation_by_hand_where_the_scheme_wants_it(in_welding: Society, monkeypatch: Any, actor: str) -> None:
    import msgspec

    from huilian.applications.services import walking
    from huilian.schemes.document import Step

    scheme = load_preset("cmes")
    student = scheme.category("student")
    by_hand = msgspec.structs.replace(student, route=(Step("activate", actor, role="registrar", clock_days=3),))  # type: ignore[arg-type]
    categories = tuple(by_hand if category.code == "student" else category for category in scheme.categories)
    changed = msgspec.structs.replace(scheme, categories=categories)
    monkeypatch.setattr(walking, "scheme_version", lambda version: changed)
    application = submit("student")
    assert (application.state, application.step, application.step_due_on) == (
        State.IN_PROGRESS,
        "activate",
        date(2026, 3, 5),
    )
    assert Member.objects.count() == 0
    assert [notice.event for notice in Notice.objects.filter(channel="sms")] == ["application.acknowledged"]
    if actor == "society":
        endorse_application(application, by_user=staff(), at=LATER)
    else:
        (case,) = messages("case.requested")
        assert case["step"] == "activate"
        receive_verdict(verdict(application), sender="100", at=LATER)
    assert Application.objects.get().state == State.MEMBER
    assert Member.objects.get().from_on == date(2026, 3, 3)
    assert outcomes(application) == [("submit", "submitted"), ("activate", "entered"), ("activate", "done")]
