"""Membership lapses when the paid years are over, to the day, and ends by decision."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from federation.models import OutboxMessage
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.members.queries import standing_of, statement_rows
from huilian.members.services import end_member, lapse_due_members, replay
from kit.errors import Refusal
from tests.at_once import at_once
from tests.members.cast import AT, activate, application_of

END = date(2027, 6, 1)
THEN = datetime(2027, 6, 1, 0, 30, tzinfo=UTC)


def reported(member: Member) -> list[tuple[str, int]]:
    rows = OutboxMessage.objects.filter(subject=f"member:{member.pk}").order_by("id")
    return [(row.payload["state"], row.payload["row_version"]) for row in rows]


def test_a_member_lapses_on_the_day_the_years_end_and_not_before(in_welding: Any) -> None:
    member = activate()
    assert lapse_due_members(date(2027, 5, 31), THEN) == 0
    assert lapse_due_members(END, THEN) == 1
    assert lapse_due_members(END, THEN) == 0
    member.refresh_from_db()
    assert (member.state, member.version, member.updated_at) == ("lapsed", 2, THEN)
    assert reported(member) == [("active", 1), ("lapsed", 2)]
    assert Record.objects.get(verb="member.lapsed").actor == "system"
    assert not standing_of(member, END) and standing_of(member, date(2027, 5, 31))


def test_who_has_no_term_or_more_years_or_ended_does_not_lapse(in_welding: Any) -> None:
    activate(application_of(phone="+8613800000002"), years=2)
    ended = activate(application_of(phone="+8613800000003"))
    end_member(ended, reason="开除", by="user:1 Wang", at=AT)
    honorary = activate(application_of(phone="+8613800000004"))
    Member.objects.filter(pk=honorary.pk).update(to_on=None)
    assert lapse_due_members(date(2027, 12, 31), THEN) == 0
    assert Member.objects.filter(state="lapsed").count() == 0


def test_hundreds_lapse_in_batches(in_welding: Any) -> None:
    first = activate()
    copies = [
        Member(
            number=f"101900{n:04}P",
            kind="person",
            category="ordinary",
            name=f"会员{n}",
            channel="branch",
            joined_on=first.joined_on,
            from_on=first.from_on,
            to_on=first.to_on,
            updated_at=AT,
        )
        for n in range(230)
    ]
    Member.objects.bulk_create(copies)
    assert lapse_due_members(END, THEN) == 231
    assert Member.objects.filter(state="lapsed", version=2).count() == 231


def test_two_workers_let_each_member_lapse_once(federation: Any) -> None:
    with federation.inside(federation.welding):
        members = [activate(application_of(phone=f"+86138000001{n:02}")) for n in range(30)]
    outcomes = at_once(federation.welding, [lambda: lapse_due_members(END, THEN)] * 4)
    assert sum(outcomes) == 30
    with federation.inside(federation.welding):
        assert all(reported(member) == [("active", 1), ("lapsed", 2)] for member in members)


def test_an_ended_membership_is_reported_with_its_reason_in_the_journal(in_welding: Any) -> None:
    member = activate()
    with pytest.raises(Refusal) as empty:
        end_member(member, reason="  ", by="user:1 Wang", at=AT)
    assert empty.value.code == "reason_missing"
    end_member(member, reason="材料虚假", by="user:1 Wang", at=AT)
    assert member.state == "ended" and not standing_of(member, member.from_on)
    assert reported(member) == [("active", 1), ("ended", 2)]
    assert Record.objects.get(verb="member.ended").reason == "材料虚假"
    with pytest.raises(Refusal) as again:
        end_member(member, reason="又一次", by="user:1 Wang", at=AT)
    assert (again.value.code, again.value.status) == ("member_ended", 409)
    assert reported(member) == [("active", 1), ("ended", 2)]


def test_members_are_reported_again_as_they_stand(in_welding: Any) -> None:
    members = [activate(application_of(phone=f"+861380000000{n}")) for n in range(3)]
    OutboxMessage.objects.all().delete()
    assert replay([members[0].pk, members[2].pk]) == 2
    subjects = set(OutboxMessage.objects.values_list("subject", flat=True))
    assert subjects == {f"member:{member.pk}" for member in (members[0], members[2])}


def test_the_statement_names_every_member_in_one_query(in_welding: Any) -> None:
    members = [activate(application_of(phone=f"+861380000000{n}")) for n in range(3)]
    end_member(members[0], reason="退会", by="user:1 Wang", at=AT)
    with CaptureQueriesContext(connection) as queries:
        rows = set(statement_rows())
    assert len(queries) == 1
    assert rows == {
        (members[0].pk, 2, "ended", 0),
        (members[1].pk, 1, "active", 0),
        (members[2].pk, 1, "active", 0),
    }
