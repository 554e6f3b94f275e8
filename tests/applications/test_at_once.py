"""Many at the same moment: one wins, the others are told, and nobody waits in a circle."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from federation.models import OutboxMessage
from huilian.accounts.models import User
from huilian.applications.models import Application, StepRecord
from huilian.applications.services import (
    endorse_application,
    receive_bill,
    refuse_application,
    withdraw_application,
)
from huilian.journal.queries import verify
from huilian.members.models import Member
from kit.errors import Refusal
from referrals.models import CodeDay
from referrals.services import mint_society_code
from tenants.models import Society
from tests.applications.forms import AT, another, draft, person, staff, student, submit
from tests.applications.test_money import bill
from tests.at_once import at_once
from tests.federation_fixture import Federation

State = Application.State


def tally(results: list[Any]) -> Counter[str]:
    """How it ended for each: a state, or the code of a refusal; anything else is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refusal):
            raise result
    return Counter(result.code if isinstance(result, Refusal) else str(result.state) for result in results)


@pytest.fixture
def welding_at_work(federation: Federation) -> Society:
    welding: Society = federation.welding
    return welding


def test_fifty_decisions_by_two_are_one(welding_at_work: Society, federation: Federation) -> None:
    """R5: two approvers, fifty parallel decisions of one application, exactly one transition."""
    with federation.inside(welding_at_work):
        application = submit("senior")
        deciders = [staff("王伟"), staff("赵敏")]

    def decide(number: int) -> Application:
        read = Application.objects.get(pk=application.pk)
        version = application.version
        who = User.objects.get(pk=deciders[number % 2].pk)
        if number % 4 < 2:
            return endorse_application(read, by_user=who, version=version, at=AT)
        return refuse_application(read, by_user=who, reasons="不符合。", version=version, at=AT)

    results = [result for _ in range(5) for result in at_once(welding_at_work, [partial(decide, n) for n in range(10)])]
    counted = tally(results)
    assert sum(counted[state] for state in (State.IN_PROGRESS, State.REFUSED)) == 1
    assert set(counted) <= {State.IN_PROGRESS, State.REFUSED, "already_decided", "not_waiting_here"}
    assert counted.total() == 50
    with federation.inside(welding_at_work):
        stored = Application.objects.get(pk=application.pk)
        assert stored.version == application.version + 1
        assert StepRecord.objects.filter(application=stored, outcome__in=("done", "refused")).count() == 1
        assert OutboxMessage.objects.filter(type="case.requested").count() == (stored.state == State.IN_PROGRESS)
        assert verify() is None


def test_one_draft_handed_in_ten_times_at_once(welding_at_work: Society, federation: Federation) -> None:
    with federation.inside(welding_at_work):
        application = draft()

    def hand_in() -> Application:
        return submit(application=Application.objects.get(pk=application.pk))

    counted = tally(at_once(welding_at_work, [hand_in] * 10))
    assert counted == {State.IN_PROGRESS: 1, "already_applied": 9}
    with federation.inside(welding_at_work):
        assert User.objects.count() == 1
        assert OutboxMessage.objects.filter(type="dues.requested").count() == 1


@pytest.mark.parametrize("category", ["ordinary", "student"])
def test_ten_drafts_of_one_person_at_once(welding_at_work: Society, federation: Federation, category: str) -> None:
    answers = student() if category == "student" else person()
    counted = tally(at_once(welding_at_work, [partial(submit, category, dict(answers)) for _ in range(10)]))
    assert counted[State.MEMBER if category == "student" else State.IN_PROGRESS] == 1
    assert counted["already_applied"] + counted["already_member"] == 9
    with federation.inside(welding_at_work):
        assert Member.objects.count() == (1 if category == "student" else 0)
        assert User.objects.count() == 1
        assert verify() is None


@pytest.mark.parametrize("by_code", [True, False])
def test_students_and_payers_never_wait_in_a_circle(
    welding_at_work: Society, federation: Federation, by_code: bool
) -> None:
    """New accounts, known accounts and messages take the code's day, the serial and the journal in one order."""
    with federation.inside(welding_at_work):
        code = mint_society_code(label="迎新", by="user:1", by_user=None, at=AT).code
        way: dict[str, Any] = {"ticket": {"code": code}} if by_code else {}
        submit("student", another("student"))  # the first of all makes the rows that the others wait for
        known = [another("student") for _ in range(4)]
        for answers in known:
            User.objects.create_user(name="旧友", phone=f"+86{answers['mobile']}")
        fresh = [another("student") for _ in range(4)]
        paying = [submit("ordinary", another("ordinary"), **way) for _ in range(4)]

    def settle(application: Application) -> Application:
        changed = receive_bill(bill(application, "settled", 2, bill_id=application.pk), sender="100", at=AT)
        assert changed is not None
        return changed

    acts: list[Any] = [partial(submit, "student", answers, **way) for answers in (*known, *fresh)]
    acts += [partial(settle, application) for application in paying]
    assert tally(at_once(welding_at_work, acts)) == {State.MEMBER: 12}
    with federation.inside(welding_at_work):
        numbers = sorted(Member.objects.values_list("number", flat=True))
        assert [number[3:10] for number in numbers] == [f"{serial:07}" for serial in range(1, 14)]
        counted = CodeDay.objects.values_list("applications", "members")
        assert list(counted) == ([(12, 12)] if by_code else [])
        assert verify() is None


def test_a_withdrawal_and_the_money_at_once(welding_at_work: Society, federation: Federation) -> None:
    """Whoever is first wins; a message never loses to a click, it is acted upon or noted."""
    for _ in range(5):
        with federation.inside(welding_at_work):
            application = submit("ordinary", another("ordinary"))

        def withdraw(application: Application = application) -> Application:
            return withdraw_application(Application.objects.get(pk=application.pk), by="user:1", at=AT)

        def settle(application: Application = application) -> Application:
            receive_bill(bill(application, "settled", 2, bill_id=application.pk), sender="100", at=AT)
            return Application.objects.get(pk=application.pk)

        withdrawn, settled = at_once(welding_at_work, [withdraw, settle])
        with federation.inside(welding_at_work):
            stored = Application.objects.get(pk=application.pk)
            member = Member.objects.filter(application_id=application.pk).count()
            owed_back = OutboxMessage.objects.filter(
                type="dues.withdrawn", subject=f"application:{application.pk}"
            ).count()
        assert isinstance(settled, Application), settled
        if stored.state == State.MEMBER:
            assert (member, owed_back) == (1, 0)
            assert isinstance(withdrawn, Refusal) and withdrawn.code in ("already_decided", "not_under_way")
        else:
            assert (stored.state, member, owed_back) == (State.WITHDRAWN, 0, 2)
