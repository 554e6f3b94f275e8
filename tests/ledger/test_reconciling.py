"""Headquarters equals the sum of its societies: every kind of difference is named, and mended by replay."""

from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from federation import pumping, relay
from federation.ledger.models import Change, Movement, Reconciliation, RollEntry, Rollup
from federation.ledger.past import stood_on
from federation.ledger.projecting import MEMBERS, move_sums
from federation.models import InboxMessage, OutboxMessage
from huilian.members.models import Member
from huilian.members.services import end_member, report_member
from kit import clock
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import kept_sums, member, sums_of_rows

AT = datetime(2026, 3, 1, tzinfo=UTC)


def joined(federation: Federation, count: int) -> list[UUID]:
    """Members of Welding, told to headquarters."""
    with federation.inside(federation.welding), transaction.atomic():
        members = [
            Member.objects.create(
                number=f"101{n:07d}B",
                kind="person",
                category="ordinary",
                name=f"会员{n}",
                channel="branch",
                joined_on=AT.date(),
                from_on=AT.date(),
                updated_at=AT,
            )
            for n in range(1, count + 1)
        ]
        for each in members:
            report_member(each)
    federation.settle()
    return [each.pk for each in members]


def reconcile(**options: Any) -> str:
    out = StringIO()
    call_command("reconcile", stdout=out, **options)
    return out.getvalue()


def test_agreement_is_stated(federation: Federation) -> None:
    joined(federation, 5)
    assert reconcile() == "3 societies compared, 0 differences.\n"
    with federation.inside(federation.hq):
        assert set(Reconciliation.objects.values_list("society", "agrees")) == {
            ("100", True),
            ("101", True),
            ("201", True),
        }


def test_who_goes_on_writing_keeps_nobody_waiting(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among writers the border is never silent: the comparison ends with the answers."""
    deliver_all = relay.deliver_all

    def deliver_while_written() -> Counter[str]:
        with federation.inside(federation.welding), transaction.atomic():
            report_member(Member.objects.get())
        return deliver_all()

    joined(federation, 1)
    monkeypatch.setattr(pumping, "ROUNDS", 5)
    monkeypatch.setattr(relay, "deliver_all", deliver_while_written)
    with pytest.raises(RuntimeError, match="messages still travel after 5 rounds"):
        pumping.pump()
    assert reconcile(repair=True).endswith("3 societies compared, 0 differences.\n")


def test_each_difference_is_named_and_repaired(federation: Federation) -> None:
    lost, changed, *_rest = joined(federation, 5)
    with federation.inside(federation.hq):
        RollEntry.objects.filter(member_id=lost).delete()
        RollEntry.objects.filter(member_id=changed).update(state="ended")
        with transaction.atomic():
            MEMBERS.apply([(member(7777), "101", AT)])
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile", stdout=out)
    said = out.getvalue()
    assert f"101 members {lost}: here missing, there " in said
    assert f"101 members {changed}: here " in said
    assert f"101 members {UUID(int=7777)}: here " in said and "there missing" in said
    assert "101 sums members person|ordinary|active: here 6 0, there 4 0\n" in said
    assert "101 sums members person|ordinary|ended: here 0 0, there 1 0\n" in said
    assert "101 sums joined ordinary|branch 2026-03: here 5 0, there 4 0\n" in said
    assert "3 societies compared, 6 differences.\n" in said


def test_a_sum_that_drifted_is_named_and_put_right(federation: Federation) -> None:
    joined(federation, 3)
    with federation.inside(federation.hq):
        right = kept_sums()
        Rollup.objects.filter(society="101", measure="joined").update(count=F("count") + 5)
        Rollup.objects.filter(society="", measure="joined").update(amount_minor=700)
        Rollup.objects.filter(society="101", measure="members").delete()
        Rollup.objects.create(society="201", measure="settled", cut="ordinary|CNY", month=AT.date(), count=1)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile", stdout=out)
    assert out.getvalue().splitlines() == [
        "100 sums joined ordinary|branch 2026-03: here 3 700, there 8 0",
        "100 sums settled ordinary|CNY 2026-03: here 0 0, there 1 0",
        "101 sums joined ordinary|branch 2026-03: here 8 0, there 3 0",
        "101 sums members person|ordinary|active: here 0 0, there 3 0",
        "201 sums settled ordinary|CNY 2026-03: here 1 0, there 0 0",
        "3 societies compared, 5 differences.",
    ]
    assert reconcile(repair=True).endswith("3 societies compared, 0 differences.\n")
    with federation.inside(federation.hq):
        assert kept_sums() == right


def test_repair_brings_back_what_was_lost_and_drops_what_never_was(federation: Federation) -> None:
    lost, spoilt, *_rest = joined(federation, 3)
    with federation.inside(federation.hq):
        RollEntry.objects.filter(member_id=lost).delete()
        RollEntry.objects.filter(member_id=spoilt).update(state="ended")
        with transaction.atomic():
            MEMBERS.apply([(member(7777), "101", AT)])
    assert reconcile(repair=True).endswith("3 societies compared, 0 differences.\n")
    with federation.inside(federation.hq):
        assert RollEntry.objects.filter(society="101", state="active").count() == 3
        assert RollEntry.objects.filter(member_id=lost, name="会员1").exists()
        assert kept_sums() == sums_of_rows()


def test_repair_leaves_no_trace_of_a_spoilt_row_in_the_history(federation: Federation) -> None:
    _lost, spoilt, *_rest = joined(federation, 3)
    with federation.inside(federation.hq):
        known = list(Change.objects.values_list("row_id", "cut", "from_on"))
        RollEntry.objects.filter(member_id=spoilt).update(state="ended")
    assert reconcile(repair=True).endswith("3 societies compared, 0 differences.\n")
    with federation.inside(federation.hq):
        assert list(Change.objects.values_list("row_id", "cut", "from_on")) == known


def test_a_history_that_lags_behind_is_named_and_catches_up(federation: Federation) -> None:
    joined(federation, 3)
    with federation.inside(federation.hq), transaction.atomic():
        Movement.objects.filter(span="day").update(count=9)
        like = RollEntry.objects.first()
        assert like is not None
        # As a program before the history wrote it, while an upgrade was under way; the society says the same.
        RollEntry.objects.filter(pk=like.pk).update(state="lapsed", version=2)
        move_sums(
            [
                ("101", "members", f"person|ordinary|{state}", None, 0, sign)
                for state, sign in (("active", -1), ("lapsed", 1))
            ]
        )
    with federation.inside(federation.welding):
        Member.objects.filter(pk=like.member_id).update(state="lapsed", version=2)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile", stdout=out)
    assert out.getvalue().splitlines() == [
        "101 sums members person|ordinary|active day 2026-03-01: here 9 0, there 3 0",
        "101 sums history members: here 2, there 3",
        "3 societies compared, 2 differences.",
    ]
    assert reconcile(repair=True).endswith("3 societies compared, 0 differences.\n")
    with federation.inside(federation.hq):
        assert stood_on(AT.date()).together.members == 3
        assert stood_on(clock.today("Asia/Shanghai")).together.members == 2


def test_what_the_border_delivers_again_is_not_remembered_again(federation: Federation) -> None:
    """The relay hands everything over once more, and the inbox handles everything once more: the history stands."""
    first, *_rest = joined(federation, 3)
    with federation.inside(federation.welding), transaction.atomic():
        member = Member.objects.get(pk=first)
        end_member(member, reason="退会", by="system", at=clock.now())
    federation.settle()
    with federation.inside(federation.hq):
        known = list(Change.objects.order_by("pk").values())
        sums = list(Movement.objects.order_by("pk").values())
        assert len(known) == 4
        InboxMessage.objects.update(state="waiting", handled_at=None)
    with federation.inside(federation.welding):
        OutboxMessage.objects.update(delivered_at=None)
    federation.settle()
    with federation.inside(federation.hq):
        assert not InboxMessage.objects.exclude(state="handled").exists()
        assert list(Change.objects.order_by("pk").values()) == known
        assert list(Movement.objects.order_by("pk").values()) == sums
        together = stood_on(clock.today("Asia/Shanghai")).together
        assert (together.members, together.ended) == (2, 1)
        assert stood_on(AT.date()).together.members == 3
    assert reconcile() == "3 societies compared, 0 differences.\n"
