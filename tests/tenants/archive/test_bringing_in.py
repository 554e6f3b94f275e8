"""A society comes out of its archive under another number, whole, or under its own."""

import json
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from federation.ledger.models import Case, RollEntry, SignInName
from federation.models import InboxMessage, OutboxMessage
from huilian.accounts.hashing import contact_hash, open_sealed
from huilian.accounts.models import Invitation, RoleGrant, User
from huilian.applications.models import Application
from huilian.billing.models import Bill
from huilian.billing.services import await_payment, book_settlement
from huilian.journal.models import Record
from huilian.journal.queries import verify
from huilian.members.models import Member
from referrals.models import ReferralCode
from tenants import registry
from tenants.models import Society
from tests.applications.forms import AT
from tests.federation_fixture import Federation
from tests.tenants.archive.leaving import NEW, NUMBER, SCHEMA, WISH, export, remove, rewritten, roll, society
from tests.tenants.backup.kept import join, manage, prints


@pytest.mark.parametrize("form", ["one", "one.tar", "one.tar.gz"])
def test_there_and_back_under_another_number(
    federation: Federation, lived: Society, tmp_path: Path, admin: psycopg.Connection[Any], form: str
) -> None:
    archive = export(tmp_path / form)
    with federation.inside(lived):
        codes = set(ReferralCode.objects.values_list("code", flat=True))
        records = Record.objects.count()
        before = {key: (number, name) for key, number, name in Member.objects.values_list("pk", "number", "name")}
        waiting, paying = (Application.objects.get(step=step).pk for step in ("review", "pay"))
    with federation.inside(federation.hq):
        sent_before = set(InboxMessage.objects.filter(sender=NUMBER).values_list("message_id", flat=True))

    said = manage("import_society", archive, *WISH)

    assert f"{NEW} is open with what {NUMBER} was" in said and "0 differences." in said
    assert "2 of 2 members have new numbers, 2 referral codes a new text" in said
    assert "3 offices have ended; 2 applications ask headquarters anew." in said
    with federation.inside(society()):
        after = {key: (number, name) for key, number, name in Member.objects.values_list("pk", "number", "name")}
        assert after == {key: (NEW + number[3:], name) for key, (number, name) in before.items()}
        assert open_sealed(Member.objects.get(name="李申请").id_number_sealed) == "11010519491231002X"
        with default_storage.open("portraits/wang.jpg") as file:
            assert file.read() == b"portrait"
        new_codes = set(ReferralCode.objects.values_list("code", flat=True))
        assert len(new_codes) == 2 and all(code.startswith(f"{NEW}-") for code in new_codes) and not new_codes & codes
        assert Bill.objects.get().society_number == NEW and Bill.objects.get().number == "B2026-0000001"
        assert Application.objects.get(pk=paying).step == "pay"
        assert verify() is None and Record.objects.filter(verb="society.arrived").count() == 1
        assert Record.objects.count() > records
        user = User.objects.get(email="zhao@example.org")
        assert not user.has_usable_password() and not user.is_staff
        assert RoleGrant.objects.filter(to_on=None).count() == 0
        assert Invitation.objects.get().email == "owner@moved.example.org"
        # A new member goes on where the old society's serial stood, and nothing collides.
        third = join(federation, society(), "后来的人")
        assert Member.objects.get(pk=third).number[3:10] == "0000003"
    federation.settle()
    assert sent_again(federation) & sent_before == set()
    with federation.inside(federation.hq):
        here = RollEntry.objects.filter(society=NEW).values_list("member_id", "number")
        assert dict(here) == {key: number for key, (number, _name) in after.items()} | {third: f"{NEW}0000003P"}
        assert Case.objects.get(society=NEW).application_id == waiting
        await_payment(Bill.objects.get(society_number=NEW), at=AT)
        book_settlement(Bill.objects.get(society_number=NEW), by="user:4 钱", at=AT)
        assert Bill.objects.get(society_number=NUMBER).state == "open"  # a person cancels it
        assert SignInName.objects.filter(society=NEW, name_hash=contact_hash("email", "zhao@example.org")).exists()
    federation.settle()
    with federation.inside(society()):
        assert Application.objects.get(pk=paying).state == "member" and Member.objects.count() == 4
        assert not InboxMessage.objects.exclude(state="handled").exists()
    assert "0 differences." in manage("reconcile")


def sent_again(federation: Federation) -> set[Any]:
    with federation.inside(society()):
        return set(OutboxMessage.objects.values_list("message_id", flat=True))


def test_the_old_one_is_not_touched(
    federation: Federation, lived: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    archive = export(tmp_path / "one")
    before, on_roll = prints(admin, SCHEMA), roll(federation)
    manage("import_society", archive, *WISH)
    assert len(on_roll) == 2 and (prints(admin, SCHEMA), roll(federation)) == (before, on_roll)


def test_an_older_archive_lacks_a_column_that_was_made_room_for(
    federation: Federation, lived: Society, tmp_path: Path
) -> None:
    archive = export(tmp_path / "one")
    manifest = json.loads((archive / "manifest.json").read_text())
    manifest["migrations"].remove("members.0002_portrait")
    manifest["tables"]["members_member"]["columns"].remove("portrait")
    path = archive / "rows/members.member.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    text = "".join(json.dumps({k: v for k, v in line.items() if k != "portrait"}) + "\n" for line in lines)
    rewritten(archive, manifest, path, text)
    (archive / "manifest.json").write_text(json.dumps(manifest))
    assert "0 differences." in manage("import_society", archive, *WISH)
    with federation.inside(society()):
        assert set(Member.objects.values_list("portrait", flat=True)) == {""}


def test_the_same_number_in_a_federation_that_lost_it(
    federation: Federation, lived: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    """Nothing is renumbered, and what headquarters knew from before gives way or agrees."""
    archive = export(tmp_path / "one")
    with federation.inside(lived):
        numbers = set(Member.objects.values_list("number", flat=True))
        codes = set(ReferralCode.objects.values_list("code", flat=True))
    shutil.rmtree(Path(settings.MEDIA_ROOT) / SCHEMA)
    remove(admin, SCHEMA)
    said = manage(
        "import_society", archive, "--number", NUMBER, "--slug", "moved", "--owner-email", "o@example.org",
        "--reason", "x",
    )  # fmt: skip
    assert "0 differences." in said and "0 of 2 members have new numbers, 0 referral codes" in said
    registry.forget()
    back = registry.street_map().by_number[NUMBER]
    with federation.inside(back):
        assert set(Member.objects.values_list("number", flat=True)) == numbers
        assert set(ReferralCode.objects.values_list("code", flat=True)) == codes
        assert open_sealed(Member.objects.get(name="李申请").id_number_sealed) == "11010519491231002X"
