"""The wrappers that pages and API share: permission, act and journal in one go."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from federation.ledger.models import Case, Decision, Reconciliation, Resolution, SocietyOrder
from federation.models import OutboxMessage
from huilian.accounts.models import Role, RoleGrant, User
from huilian.applications import deciding
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import forget_schemes
from kit import clock
from kit.errors import Refusal
from tests.api.callers import hire
from tests.at_once import at_once
from tests.federation_fixture import Federation

AT = clock.now()
ALLOWED: dict[str, frozenset[Role]] = {
    "claim": frozenset({Role.OWNER, Role.OFFICER}),
    "release": frozenset({Role.OWNER, Role.OFFICER}),
    "decide": frozenset({Role.OWNER, Role.OFFICER}),
    "order": frozenset({Role.OWNER}),
    "resolve": frozenset({Role.OWNER, Role.OFFICER}),
    "honour": frozenset({Role.OWNER, Role.OFFICER}),
    "reconcile": frozenset({Role.OWNER, Role.OFFICER, Role.FINANCE}),
    "repair": frozenset({Role.OWNER, Role.OFFICER, Role.FINANCE}),
    "publish": frozenset({Role.OWNER}),
}


def case_of(persons: int = 1, **changes: Any) -> Case:
    facts = {"society": "101", "reference": "A101-1", "name": "李明", "category": "senior", **changes}
    return Case.objects.create(
        application_id=uuid4(), step_index=1, step="review", persons=persons, scheme_version=1, opened_at=AT, **facts
    )


def officer(name: str = "Zhao", role: Role = Role.OFFICER, **fields: Any) -> User:
    user = User.objects.create_user(name=name, **fields)
    RoleGrant.objects.create(user=user, role=role, from_on=date(2020, 1, 1))
    return user


def acts(user: User) -> dict[str, Callable[[], Any]]:
    by: dict[str, Any] = {"by_user": user, "at": AT}
    resolution: dict[str, Any] = {
        "number": "1",
        "meeting": "Council",
        "resolved_on": date(2026, 3, 1),
        "subject": "S",
        "text": "T",
    }
    return {
        "claim": lambda: deciding.claim_case(case_of(), **by),
        "release": lambda: deciding.release_case(case_of(), **by),
        "decide": lambda: deciding.decide_case(case_of(), outcome="approved", reasons="", **by),
        "order": lambda: deciding.order_society("suspend", society="201", reason="Asked for it.", **by),
        "resolve": lambda: deciding.record_resolution(**resolution, **by),
        "honour": lambda: deciding.grant_honorary(name="陈静", email="c@example.org", resolution="9", term=1, **by),
        "reconcile": lambda: deciding.reconcile(**by),
        "repair": lambda: deciding.repair(Reconciliation.objects.create(society="101", asked_at=AT), **by),
        "publish": lambda: deciding.publish_scheme(load_preset("cmes"), **by),
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(ALLOWED))
def test_who_may(in_hq: Any, act: str, role: Role) -> None:
    zhao = officer(role=role)
    before = Record.objects.count()
    try:
        acts(zhao)[act]()
    except Refusal as refusal:
        # Whoever may, gets as far as a rule of the matter itself: there is no such resolution, version 1 is out.
        assert (refusal.code == "forbidden") == (role not in ALLOWED[act]), refusal.code
        assert Record.objects.count() == before
        kept = [each.objects.count() for each in (Decision, SocietyOrder, Resolution, Member, OutboxMessage)]
        assert kept == [0] * 5
    else:
        assert role in ALLOWED[act]
        assert Record.objects.count() == before + (act != "release")


def test_two_persons(in_hq: Any) -> None:
    case, zhao, qian = case_of(persons=2), officer(), officer("Qian")
    first = deciding.decide_case(case, outcome="approved", reasons="", by_user=zhao, at=AT)
    assert (first.state, first.outcome, OutboxMessage.objects.count()) == ("open", "", 0)
    with pytest.raises(Refusal) as again:
        deciding.decide_case(case, outcome="approved", reasons="", by_user=zhao, at=AT)
    assert again.value.code == "already_decided"
    second = deciding.decide_case(case, outcome="approved", reasons="", by_user=qian, at=AT)
    assert (second.state, second.outcome, OutboxMessage.objects.count()) == ("decided", "approved", 1)
    journalled = list(Record.objects.filter(verb="case.approved").order_by("seq").values_list("facts", flat=True))
    assert [facts["final"] for facts in journalled] == [False, True]


def test_a_new_name_is_no_second_person(in_hq: Any) -> None:
    case, zhao = case_of(persons=2), officer()
    deciding.claim_case(case, by_user=zhao, at=AT)
    zhao.name = "Zhao Min"
    assert deciding.decide_case(case, outcome="approved", reasons="", by_user=zhao, at=AT).outcome == ""
    zhao.name = "Zhao Min-Li"
    with pytest.raises(Refusal) as again:
        deciding.decide_case(case, outcome="approved", reasons="", by_user=zhao, at=AT)
    assert again.value.code == "already_decided"
    assert Decision.objects.count() == 1


def test_officers_at_once(federation: Federation) -> None:
    officers = [hire(federation.hq, Role.OFFICER, name=f"Officer {number}") for number in range(10)]
    with federation.inside(federation.hq):
        case = case_of()
    outcomes = ["approved", "refused"] * 5

    def decide(user: User, outcome: str) -> Callable[[], Any]:
        def act() -> Any:
            mine = Case.objects.get(pk=case.pk)
            return deciding.decide_case(mine, outcome=outcome, reasons="Reasons.", by_user=user, at=AT)

        return act

    told = at_once(federation.hq, [decide(*each) for each in zip(officers, outcomes, strict=True)])
    won = [answer for answer in told if isinstance(answer, Case)]
    assert len(won) == 1
    assert {answer.code for answer in told if isinstance(answer, Refusal)} == {"already_decided"}
    assert len(won) + sum(isinstance(answer, Refusal) for answer in told) == 10
    with federation.inside(federation.hq):
        case.refresh_from_db()
        assert (case.state, Decision.objects.count()) == ("decided", 1)
        verdict = OutboxMessage.objects.get(type="verdict.given")
        assert verdict.payload["outcome"] == case.outcome == won[0].outcome
        assert Record.objects.filter(verb__startswith="case.").count() == 1


def test_honour_by_a_resolution(in_hq: Any) -> None:
    aiet = load_preset("aiet")
    SchemeVersion.objects.all().delete()
    SchemeVersion.objects.create(
        key=aiet.key, version=77, effective_on=date(2020, 1, 1), document=aiet.to_data(), published_at=AT
    )
    zhao = officer()
    try:
        deciding.record_resolution(
            number="2026/12",
            meeting="Council",
            resolved_on=date(2026, 3, 1),
            subject="Honour",
            text="For five years.",
            by_user=zhao,
            at=AT,
        )
        member = deciding.grant_honorary(
            name="陈静", email="chen@example.org", resolution="2026/12", term=5, by_user=zhao, at=AT
        )
    finally:
        forget_schemes()
    assert (member.category, member.number[:3], member.state) == ("honorary", "100", "active")
    assert Record.objects.get(verb="member.honoured").facts["resolution"] == "2026/12"
    assert connection.in_atomic_block  # all of it is rolled back
