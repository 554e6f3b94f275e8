"""Offices are dated; the last owner stays; every change is journalled."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.queries import roles_of, staff_grants, users_with_role
from huilian.accounts.rules import may
from huilian.accounts.services import close_account, end_role, entrust_code, grant_role, withdraw_code
from huilian.journal.models import Record
from kit.errors import Refusal
from referrals.models import ReferralCode
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, person
from tests.federation_fixture import Federation

DAY = AT.date()


def grant_of(user: User, role: Role) -> RoleGrant:
    return RoleGrant.objects.get(user=user, role=role, to_on=None)


def test_an_owner_appoints_a_registrar(in_welding: Society) -> None:
    wang, li = person("Wang", Role.OWNER), person("Li")
    grant = grant_role(li, "registrar", by="user:1 Wang", by_user=wang, at=AT, reason="Council")
    assert (grant.from_on, grant.to_on, grant.granted_by) == (DAY, None, wang)
    assert roles_of(li, on=DAY) == {Role.REGISTRAR}
    assert User.objects.get(pk=li.pk).is_staff
    last = Record.objects.latest("seq")
    assert (last.verb, last.subject_id, last.actor, last.reason) == (
        "role.granted",
        str(li.pk),
        "user:1 Wang",
        "Council",
    )
    assert last.facts == {"role": "registrar", "from_on": "2026-03-02", "to_on": None}


def test_whoever_may_not_appoint_changes_nothing(in_welding: Society) -> None:
    person("Wang", Role.OWNER)
    chen = person("Chen", Role.REGISTRAR)
    grants, records = RoleGrant.objects.count(), Record.objects.count()
    for act in (
        lambda: grant_role(chen, Role.OWNER, by="user:2 Chen", by_user=chen, at=AT),
        lambda: end_role(grant_of(chen, Role.REGISTRAR), by="user:2 Chen", by_user=chen, at=AT),
        lambda: close_account(chen, by="user:2 Chen", by_user=chen, at=AT, reason="x"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "forbidden"
    assert (RoleGrant.objects.count(), Record.objects.count()) == (grants, records)
    assert roles_of(chen, on=DAY) == {Role.REGISTRAR}


@pytest.mark.parametrize("role", ["officer", "finance"])
def test_offices_of_headquarters_exist_there_only(role: str, in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        grant_role(person("Zhao"), role, by="system", at=AT)
    assert refused.value.code == "role_not_here"


def test_headquarters_has_officers(in_hq: Society) -> None:
    zhao = person("Zhao", Role.OFFICER)
    assert roles_of(zhao, on=DAY) == {Role.OFFICER}
    assert list(users_with_role(Role.OFFICER, on=DAY)) == [zhao]


@pytest.mark.parametrize("days", [0, 30])
def test_an_office_is_held_once(days: int, in_welding: Society) -> None:
    li = person("Li", Role.VIEWER)
    with pytest.raises(Refusal) as refused:
        grant_role(li, Role.VIEWER, by="system", at=AT, from_on=DAY + timedelta(days=days))
    assert refused.value.code == "role_held"
    assert RoleGrant.objects.count() == 1


def test_an_office_ends_after_it_begins(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        grant_role(person("Li"), Role.VIEWER, by="system", at=AT, from_on=DAY, to_on=DAY)
    assert refused.value.code == "role_dates"


def test_there_is_no_such_role(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        grant_role(person("Li"), "emperor", by="system", at=AT)
    assert refused.value.code == "unknown_role"


def test_an_ended_office_stays_on_record_and_can_be_given_anew(in_welding: Society) -> None:
    li = person("Li", Role.VIEWER)
    end_role(grant_of(li, Role.VIEWER), by="system", at=AT + timedelta(days=10), reason="Left")
    assert [roles_of(li, on=DAY + timedelta(days=d)) for d in (9, 10)] == [{Role.VIEWER}, frozenset()]
    assert not User.objects.get(pk=li.pk).is_staff
    with pytest.raises(Refusal) as refused:
        end_role(RoleGrant.objects.get(), by="system", at=AT + timedelta(days=11))
    assert refused.value.code == "role_ended"
    again = grant_role(li, Role.VIEWER, by="system", at=AT + timedelta(days=20))
    assert RoleGrant.objects.count() == 2
    assert list(staff_grants(on=DAY + timedelta(days=20))) == [again]


def test_ending_one_office_leaves_the_other(in_welding: Society) -> None:
    li = person("Li", Role.VIEWER, Role.PROMOTER)
    end_role(grant_of(li, Role.VIEWER), by="system", at=AT)
    assert roles_of(li, on=DAY) == {Role.PROMOTER}
    assert User.objects.get(pk=li.pk).is_staff


def test_the_last_owner_cannot_be_ended(in_welding: Society) -> None:
    wang = person("Wang", Role.OWNER)
    with pytest.raises(Refusal) as refused:
        end_role(grant_of(wang, Role.OWNER), by="system", by_user=wang, at=AT)
    assert refused.value.code == "last_owner"
    with pytest.raises(Refusal) as refused:
        close_account(wang, by="system", at=AT, reason="x")
    assert refused.value.code == "last_owner"
    assert may(wang, "role.grant", on=DAY)
    assert User.objects.get(pk=wang.pk).is_active


def test_an_owner_with_an_end_or_without_an_account_is_no_successor(in_welding: Society) -> None:
    wang, closed, later = person("Wang", Role.OWNER), person("Closed", Role.OWNER), person("Later")
    close_account(closed, by="system", at=AT, reason="Left")
    person("Ends")
    grant_role(User.objects.get(name="Ends"), Role.OWNER, by="s", at=AT, to_on=DAY + timedelta(days=9))
    grant_role(later, Role.OWNER, by="system", at=AT, from_on=DAY + timedelta(days=9))
    with pytest.raises(Refusal) as refused:
        end_role(grant_of(wang, Role.OWNER), by="system", at=AT)
    assert refused.value.code == "last_owner"
    end_role(grant_of(wang, Role.OWNER), by="system", at=AT + timedelta(days=9))


def test_two_owners_who_end_each_other_leave_one(federation: Federation) -> None:
    with inside(federation.welding):
        owners = [person("Wang", Role.OWNER), person("Zhao", Role.OWNER)]
        first, second = (grant_of(owner, Role.OWNER) for owner in owners)
    outcomes: list[str] = []
    ended, finished = threading.Event(), threading.Event()

    def end_the_second() -> None:
        try:
            with inside(federation.welding):
                ended.wait(10)
                end_role(second, by="system", at=AT)
            outcomes.append("ended")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            finished.set()
            connection.close()

    other = threading.Thread(target=end_the_second)
    other.start()
    with inside(federation.welding), transaction.atomic():
        end_role(first, by="system", at=AT)
        ended.set()
        # The other must wait for this transaction: it cannot know yet that it is about the last owner.
        assert not finished.wait(0.5)
    other.join()
    assert outcomes == ["last_owner"]
    with inside(federation.welding):
        assert RoleGrant.objects.get(role=Role.OWNER, to_on=None) == second


def test_a_promoter_is_entrusted_with_single_codes(in_welding: Society) -> None:
    wang, li, chen = person("Wang", Role.OWNER), person("Li", Role.PROMOTER), person("Chen")
    code = ReferralCode.objects.create(code="101-C", kind=ReferralCode.Kind.SOCIETY, created_at=AT)
    entrust_code(li, code, by="user:1 Wang", by_user=wang, at=AT)
    assert may(li, "code.revoke", code, on=DAY)
    withdraw_code(li, code, by="user:1 Wang", by_user=wang, at=AT)
    assert not may(li, "code.revoke", code, on=DAY)
    with pytest.raises(Refusal) as refused:
        entrust_code(chen, code, by="user:1 Wang", by_user=wang, at=AT)
    assert refused.value.code == "not_a_promoter"
    with pytest.raises(Refusal) as refused:
        entrust_code(li, code, by="user:2 Li", by_user=li, at=AT)
    assert refused.value.code == "forbidden"
    assert list(Record.objects.order_by("seq").values_list("verb", flat=True))[-2:] == [
        "code.entrusted",
        "code.withdrawn",
    ]
