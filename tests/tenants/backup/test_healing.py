"""After a return both sides of the border agree again: undone there too, or told again."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from federation.contracts import CaseClosed
from federation.ledger.models import Case, Decision, FeeEntry
from federation.models import InboxMessage, OutboxMessage
from federation.outbox import publish
from huilian.accounts.models import Role
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.applications.services import endorse_application, withdraw_application
from huilian.billing.models import Bill
from huilian.billing.services import await_payment, book_settlement
from huilian.members.models import Member
from huilian.members.services import end_member
from kit.clock import now
from tenants.backup.returning import kept_schemas
from tenants.models import Society
from tests.applications.forms import AT, staff, submit
from tests.federation_fixture import Federation
from tests.tenants.backup.kept import NUMBER, active_members, join, manage, roll


@pytest.mark.parametrize("destroyed", [False, True])
def test_work_done_since_the_backup_is_undone_at_headquarters_too(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any], destroyed: bool
) -> None:
    stays, ends = join(federation, kept, "李申请"), join(federation, kept, "王推荐")
    federation.settle()
    untouched = roll(federation)[stays]
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    with federation.inside(kept):
        end_member(Member.objects.get(pk=ends), reason="开除", by="user:1 Wang", at=now())
    later = [join(federation, kept, f"后来{n}") for n in range(3)]
    with federation.inside(kept):
        lost_number = Member.objects.get(pk=later[-1]).number
    federation.settle()
    assert roll(federation)[ends] == ("ended", 2) and len(roll(federation)) == 5
    if destroyed:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        admin.execute("DROP SCHEMA s_kept CASCADE")

    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")

    assert "1 members reported anew" in said and "3 members gone since the backup" in said
    assert all(str(key) in said for key in (ends, *later))
    assert "1 societies compared, 0 differences." in said
    assert roll(federation) == {stays: untouched, ends: ("active", 3)}
    assert active_members(federation) == 2
    assert bool(kept_schemas(kept)) is not destroyed
    # What happens from now on is believed, and a number once given is not given again.
    with federation.inside(kept):
        end_member(Member.objects.get(pk=ends), reason="又开除", by="user:1 Wang", at=now())
    newest = join(federation, kept, "新来的人")
    federation.settle()
    assert roll(federation)[ends] == ("ended", 4) and len(roll(federation)) == 3
    with federation.inside(kept):
        assert Member.objects.get(pk=newest).number > lost_number
    with federation.inside(federation.hq):
        assert not InboxMessage.objects.filter(state="parked").exists()
        assert FeeEntry.objects.filter(society=NUMBER).count() == 0
    assert "1 societies compared, 0 differences." in manage("reconcile", NUMBER)


def test_without_healing_headquarters_would_keep_what_was_undone(
    federation: Federation, kept: Society, tmp_path: Path, monkeypatch: Any
) -> None:
    """The trap that healing is for: an older version than the known is passed over, and no difference is seen."""
    ends = join(federation, kept, "王推荐")
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    with federation.inside(kept):
        end_member(Member.objects.get(pk=ends), reason="开除", by="user:1 Wang", at=now())
    federation.settle()
    from config.healing import Healing

    monkeypatch.setattr("config.management.commands.restore_society.heal_border", lambda society, at: Healing())
    manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert roll(federation)[ends] == ("ended", 2)
    monkeypatch.undo()
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    manage("restore_society", NUMBER, "--heal")
    assert roll(federation)[ends] == ("active", 3)


def test_the_receiver_restored_is_told_again_once(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    """What headquarters wrote to the society after the backup comes once more, in order, and nothing twice."""

    def tell(count: int) -> list[str]:
        with federation.inside(federation.hq), transaction.atomic():
            for _n in range(count):
                publish(CaseClosed(application_id=uuid4(), reason="probe"), to=NUMBER)
        with federation.inside(federation.hq):
            rows = OutboxMessage.objects.filter(receiver=NUMBER, type="case.closed").order_by("id")
            return [str(key) for key in rows.values_list("message_id", flat=True)]

    def received() -> list[str]:
        with federation.inside(kept):
            rows = InboxMessage.objects.filter(sender="100", type="case.closed").order_by("sequence")
            return [str(key) for key in rows.values_list("message_id", flat=True)]

    tell(3)
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    tell(4)
    federation.settle()
    sent = tell(2)  # these were not delivered yet
    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "100 sends 4 messages again." in said
    assert received() == sent and len(set(sent)) == 9
    federation.settle()
    assert received() == sent


def test_the_sender_restored_sends_again_and_is_taken_once(
    federation: Federation, kept: Society, tmp_path: Path
) -> None:
    """Messages that were on their way at the backup and arrived since are recognised by their id."""
    member = join(federation, kept, "李申请")
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    federation.settle()
    with federation.inside(federation.hq):
        before = set(InboxMessage.objects.filter(sender=NUMBER).values_list("message_id", flat=True))
    manage("restore_society", NUMBER, "--from", tmp_path / "one")
    with federation.inside(federation.hq):
        rows = InboxMessage.objects.filter(sender=NUMBER, type="member.reported", subject=f"member:{member}")
        assert rows.count() == 1 and before
    assert roll(federation) == {member: ("active", 1)} and active_members(federation) == 1


def test_headquarters_restored_learns_again(federation: Federation, kept: Society, tmp_path: Path) -> None:
    first = join(federation, kept, "李申请")
    federation.settle()
    manage("backup_society", "100", "--to", tmp_path / "hq")
    second = join(federation, kept, "后来的人")
    with federation.inside(kept):
        end_member(Member.objects.get(pk=first), reason="开除", by="user:1 Wang", at=now())
    federation.settle()
    was = roll(federation)
    try:
        said = manage("restore_society", "100", "--from", tmp_path / "hq")
        assert "0 differences." in said and f"{NUMBER} sends" in said
        assert roll(federation) == was and set(was) == {first, second}
        assert active_members(federation) == 1
    finally:
        manage("restore_society", "100", "--drop-old")


@pytest.mark.parametrize("endorsed", [False, True])
def test_an_application_decided_and_paid_since_the_backup_is_so_again(
    federation: Federation, kept: Society, tmp_path: Path, endorsed: bool
) -> None:
    """The society has forgotten the verdict and the bill; headquarters has not, and nobody pays or decides twice."""

    def endorse() -> None:
        with federation.inside(kept):
            endorse_application(Application.objects.get(pk=key), by_user=staff(), at=AT)
        federation.settle()

    with federation.inside(kept):
        key = submit("senior").pk
    if endorsed:
        endorse()
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    if not endorsed:
        endorse()
    with federation.inside(federation.hq):
        officer = staff("赵敏", Role.OFFICER)
        decide_case(Case.objects.get(), outcome="approved", reasons="", by_user=officer, at=AT)
    federation.settle()
    with federation.inside(federation.hq):
        await_payment(Bill.objects.get(), at=AT)
        book_settlement(Bill.objects.get(), by="user:4 钱", at=AT)
    federation.settle()
    assert len(roll(federation)) == 1

    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "1 members gone since the backup" in said and "0 differences." in said
    if not endorsed:
        assert roll(federation) == {}
        endorse()

    assert len(roll(federation)) == 1 and active_members(federation) == 1
    with federation.inside(kept):
        assert Application.objects.get(pk=key).state == "member"
        assert Member.objects.get().number == "1980000002G"  # the first number is on a card and stays used
        assert not InboxMessage.objects.exclude(state="handled").exists()
    with federation.inside(federation.hq):
        assert (Case.objects.count(), Decision.objects.count(), Bill.objects.get().state) == (1, 1, "settled")
        assert not InboxMessage.objects.exclude(state="handled").exists()
    assert "0 differences." in manage("reconcile", NUMBER, "100")


def test_a_case_closed_since_the_backup_is_opened_when_it_is_asked_for_again(
    federation: Federation, kept: Society, tmp_path: Path
) -> None:
    def endorse() -> None:
        with federation.inside(kept):
            endorse_application(Application.objects.get(), by_user=staff(), at=AT)
        federation.settle()

    def case() -> tuple[str, str]:
        with federation.inside(federation.hq):
            found = Case.objects.get()
            return found.state, found.claimed_by

    with federation.inside(kept):
        submit("senior")
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    endorse()
    with federation.inside(kept):
        withdraw_application(Application.objects.get(), by="user:1", at=AT)
    federation.settle()
    assert case() == ("closed", "")
    manage("restore_society", NUMBER, "--from", tmp_path / "one")
    endorse()
    assert case() == ("open", "")
    assert "0 differences." in manage("reconcile", NUMBER)
