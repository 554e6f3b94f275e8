"""Endorsing, refusing, verdicts: who may, what follows, and what is only noted."""

from datetime import date
from typing import Any

import pytest

from huilian.accounts.hashing import contact_hash
from huilian.accounts.models import Role
from huilian.applications.models import Application, StepRecord
from huilian.applications.queries import endorsement_queue
from huilian.applications.services import (
    endorse_application,
    receive_verdict,
    refuse_application,
    withdraw_application,
)
from huilian.journal.queries import records_of
from huilian.members.models import Member
from huilian.notices.models import Notice
from huilian.schemes.loading import load_preset
from kit.errors import Refusal
from referrals.facts import Identity
from tenants.models import Society
from tests.applications.forms import AT, recommender, staff, submit
from tests.applications.verdicts import LATER, messages, outcomes, snapshot, verdict

State = Application.State


def endorsed() -> Application:
    return endorse_application(submit("senior"), by_user=staff(), at=AT)


def test_endorsing_hands_the_case_to_headquarters(in_welding: Society) -> None:
    application, wang = submit("senior"), staff()
    assert list(endorsement_queue()) == [application]
    endorse_application(application, by_user=wang, reason="熟悉其工作。", version=application.version, at=AT)
    assert (application.step, application.step_index, application.step_actor) == ("review", 1, "headquarters")
    assert application.step_due_on == date(2026, 3, 16)
    assert list(endorsement_queue()) == []
    assert outcomes(application) == [
        ("submit", "submitted"),
        ("endorse", "entered"),
        ("endorse", "done"),
        ("review", "entered"),
    ]
    done = StepRecord.objects.get(outcome="done")
    assert (done.actor, done.reason) == (f"user:{wang.pk} 王伟", "熟悉其工作。")
    (case,) = messages("case.requested")
    assert case["dossier"]["steps"] == [
        {"kind": "endorse", "outcome": "done", "at": "2026-03-02T01:30:00+00:00", "reason": "熟悉其工作。"}
    ]
    assert [report["step"] for report in messages("application.reported")] == ["endorse", "review"]
    assert [report["row_version"] for report in messages("application.reported")] == [2, 3]
    assert [entry.verb for entry in records_of(application)] == ["application.submitted", "application.endorsed"]
    # An endorsement is no approval: the applicant hears of it on the page only.
    assert not Notice.objects.filter(event="application.approved").exists()


@pytest.mark.parametrize("role", [Role.PROMOTER, Role.VIEWER])
def test_others_may_not_endorse(in_welding: Society, role: Role) -> None:
    application, chen = submit("senior"), staff("陈静", role)
    before = snapshot(application)
    with pytest.raises(Refusal) as refused:
        endorse_application(application, by_user=chen, at=AT)
    assert (refused.value.code, refused.value.status) == ("forbidden", 403)
    with pytest.raises(Refusal) as refused:
        refuse_application(application, by_user=chen, reasons="x", at=AT)
    assert (refused.value.code, refused.value.status) == ("forbidden", 403)
    assert snapshot(application) == before


@pytest.mark.parametrize("known_by", ["number", "phone"])
def test_the_recommender_cannot_endorse(in_welding: Society, known_by: str) -> None:
    wang = staff()
    if known_by == "number":
        Member.objects.create(
            number="1010000001G", kind="person", category="senior", name="王伟", channel="branch", user=wang,
            joined_on=date(2020, 1, 1), from_on=date(2020, 1, 1), updated_at=AT,
        )  # fmt: skip
        identity = Identity(number="1010000001G")
    else:
        identity = Identity(number="2010000077G", phone_hash=contact_hash("phone", wang.phone or ""))
    who = recommender(identity=identity)
    application = submit("senior", ticket={"recommender": who, "channel": "member"})
    before = snapshot(application)
    with pytest.raises(Refusal) as refused:
        endorse_application(application, by_user=wang, at=AT)
    assert (refused.value.code, refused.value.status) == ("recommender_decides", 403)
    assert snapshot(application) == before
    assert endorse_application(application, by_user=staff("赵敏"), at=AT).step == "review"


def test_nobody_endorses_their_own_application(in_welding: Society) -> None:
    li = staff("李明", phone="+8613800000001")
    application = submit("senior")
    assert application.user == li
    before = snapshot(application)
    with pytest.raises(Refusal) as refused:
        endorse_application(application, by_user=li, at=AT)
    assert refused.value.code == "own_application"
    assert snapshot(application) == before


def test_a_decision_on_an_older_page_is_refused(in_welding: Society) -> None:
    application, wang = submit("senior"), staff()
    with pytest.raises(Refusal) as refused:
        endorse_application(application, by_user=wang, version=application.version - 1, at=AT)
    assert (refused.value.code, refused.value.status) == ("already_decided", 409)
    other_tab = Application.objects.get(pk=application.pk)
    endorse_application(application, by_user=wang, at=AT)
    before = snapshot(application)
    with pytest.raises(Refusal) as refused:  # as it was read before the first one
        refuse_application(other_tab, by_user=wang, reasons="zu spät", at=AT)
    assert (refused.value.code, refused.value.status) == ("already_decided", 409)
    assert snapshot(application) == before


def test_what_does_not_wait_here_is_not_decided_here(in_welding: Society) -> None:
    application = submit()
    with pytest.raises(Refusal) as refused:
        endorse_application(application, by_user=staff(), at=AT)
    assert refused.value.code == "not_waiting_here"


def test_refusing_needs_reasons_in_writing(in_welding: Society) -> None:
    application, wang = submit("senior"), staff()
    for reasons in ("", "  \n"):
        with pytest.raises(Refusal) as refused:
            refuse_application(application, by_user=wang, reasons=reasons, at=AT)
        assert (refused.value.code, refused.value.field) == ("reasons_missing", "reasons")
    with pytest.raises(Refusal) as refused:
        refuse_application(application, by_user=wang, reasons="x" * 2001, at=AT)
    assert refused.value.code == "text_too_long"
    refuse_application(application, by_user=wang, reasons="不符合条件。", at=AT)
    stored = Application.objects.get()
    assert (stored.state, stored.reasons, stored.ended_at, stored.step) == (State.REFUSED, "不符合条件。", AT, "")
    assert stored.reapply_on is None  # cmes sets no wait
    assert messages("application.reported")[-1]["state"] == "refused"
    assert messages("case.closed") == messages("dues.withdrawn") == []
    assert "不符合条件。" in Notice.objects.get(event="application.refused", channel="email").body


def test_two_persons_where_the_scheme_wants_two(in_welding: Society, monkeypatch: Any) -> None:
    import msgspec

    from huilian.applications.services import walking

    scheme = load_preset("cmes")
    senior = scheme.category("senior")
    route = (msgspec.structs.replace(senior.route[0], persons=2), *senior.route[1:])
    two = msgspec.structs.replace(senior, route=route)
    categories = tuple(two if category.code == "senior" else category for category in scheme.categories)
    changed = msgspec.structs.replace(scheme, categories=categories)
    monkeypatch.setattr(walking, "scheme_version", lambda version: changed)
    application, wang = submit("senior"), staff()
    other_tab = Application.objects.get(pk=application.pk)
    endorse_application(application, by_user=wang, at=AT)
    assert (application.step, application.state) == ("endorse", State.IN_PROGRESS)
    with pytest.raises(Refusal) as refused:  # the step is the same, yet it is not as it was read
        endorse_application(other_tab, by_user=staff("钱进"), at=AT)
    assert refused.value.code == "already_decided"
    with pytest.raises(Refusal) as refused:
        endorse_application(application, by_user=wang, at=AT)
    assert refused.value.code == "already_approved"
    assert messages("case.requested") == []
    endorse_application(application, by_user=staff("赵敏"), at=AT)
    assert application.step == "review"
    assert len(messages("case.requested")) == 1
    steps = messages("case.requested")[0]["dossier"]["steps"]
    assert [step["outcome"] for step in steps] == ["done"]


def test_an_approval_asks_for_the_dues(in_welding: Society) -> None:
    application = endorsed()
    receive_verdict(verdict(application), sender="100", at=LATER)
    stored = Application.objects.get()
    assert (stored.step, stored.step_actor, stored.dues_unit_minor) == ("pay", "applicant", 10000)
    assert stored.step_due_on == date(2026, 4, 2)
    (dues,) = messages("dues.requested")
    assert (dues["unit_minor"], dues["max_years"], dues["due_on"]) == (10000, 5, "2026-04-02")
    sent = Notice.objects.filter(queued_at=LATER).values_list("event", flat=True).order_by("event")
    assert list(sent) == ["application.approved"] * 2 + ["dues.please_pay"] * 2
    assert records_of(stored).last().verb == "application.approved"  # type: ignore[union-attr]


def test_a_refusal_ends_it_with_reasons(in_welding: Society) -> None:
    application = endorsed()
    receive_verdict(verdict(application, "refused"), sender="100", at=LATER)
    stored = Application.objects.get()
    assert (stored.state, stored.reasons, stored.ended_at) == (State.REFUSED, "材料不足以证明具有高级职称。", LATER)
    assert messages("case.closed") == []  # headquarters knows
    assert messages("dues.requested") == []
    assert records_of(stored).last().reason == "材料不足以证明具有高级职称。"  # type: ignore[union-attr]


def test_a_verdict_received_twice_counts_once(in_welding: Society) -> None:
    application = endorsed()
    said = verdict(application)
    receive_verdict(said, sender="100", at=LATER)
    before = snapshot(application)[:-1]
    assert receive_verdict(said, sender="100", at=LATER) is None
    assert snapshot(application)[:-1] == before
    assert records_of(application).last().verb == "verdict.ignored"  # type: ignore[union-attr]


def test_a_verdict_on_another_step_is_noted_only(in_welding: Society) -> None:
    application = endorsed()
    assert receive_verdict(verdict(application, step_index=0), sender="100", at=LATER) is None
    assert Application.objects.get().step == "review"
    assert records_of(application).last().verb == "verdict.ignored"  # type: ignore[union-attr]


def test_a_verdict_after_the_withdrawal_is_noted_only(in_welding: Society) -> None:
    application = endorsed()
    index = application.step_index
    withdraw_application(application, by="user:1 李明", at=AT)
    assert messages("case.closed") == [{"application_id": str(application.pk), "reason": "withdrawn"}]
    said = verdict(application, step_index=index)
    assert receive_verdict(said, sender="100", at=LATER) is None
    stored = Application.objects.get()
    assert (stored.state, stored.ended_at) == (State.WITHDRAWN, AT)
    entry = records_of(stored).last()
    assert entry is not None
    assert (entry.verb, entry.facts["outcome"], entry.facts["state"]) == (
        "verdict.ignored",
        "approved",
        "withdrawn",
    )
    assert messages("dues.requested") == []


@pytest.mark.parametrize(
    "changes, sender, code",
    [
        ({}, "201", "not_theirs_to_say"),
        ({"outcome": "perhaps"}, "100", "unknown_outcome"),
        ({"application_id": "00000000-0000-0000-0000-000000000001"}, "100", "unknown_application"),
    ],
)
def test_what_cannot_be_a_verdict_is_refused(
    in_welding: Society, changes: dict[str, Any], sender: str, code: str
) -> None:
    application = endorsed()
    before = snapshot(application)
    with pytest.raises(Refusal) as refused:
        receive_verdict(verdict(application, **changes), sender=sender, at=LATER)
    assert refused.value.code == code
    assert snapshot(application) == before
