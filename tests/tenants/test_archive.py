"""A society goes into an archive and comes out of it under another number, whole; or nothing happens."""

import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connection, connections
from psycopg.sql import SQL, Identifier

from config import arriving
from federation.ledger.models import Case, RollEntry, SignInName
from federation.models import InboxMessage, OutboxMessage
from huilian.accounts.hashing import contact_hash, open_sealed, seal
from huilian.accounts.models import Invitation, Role, RoleGrant, User
from huilian.accounts.services import grant_role, mint_token, open_account
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.applications.services import endorse_application
from huilian.billing.models import Bill
from huilian.billing.services import await_payment, book_settlement, replay
from huilian.journal.models import Record
from huilian.journal.queries import verify
from huilian.members.models import Member
from kit.clock import now
from referrals.models import ReferralCode
from tenants import registry
from tenants.archive.contents import BLANKED, LEFT_OUT
from tenants.backup.manifest import digest_of_file
from tenants.models import Society
from tenants.opening import open_society
from tests.applications.forms import AT, identity_number, senior, staff, submit
from tests.environment import DATABASE
from tests.federation_fixture import OPENED_AT, Federation, _publish_scheme
from tests.tenants.test_backup import join, manage, prints

NUMBER, SCHEMA = "298", "s_leaving"
NEW, NEW_SCHEMA = "297", "s_moved"
PAYER = "+8613800000077"
WISH = ("--number", NEW, "--slug", "moved", "--owner-email", "owner@moved.example.org", "--reason", "决议 2026/7")
SECRET_WORDS = ("hash", "secret", "token", "password", "key", "sealed", "nonce")


@pytest.fixture
def admin(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(admin_url, dbname=DATABASE, autocommit=True) as session:
        yield session


@pytest.fixture
def leaving(
    federation: Federation, admin: psycopg.Connection[Any], tmp_path: Path, monkeypatch: Any
) -> Iterator[Society]:
    """A provincial society, which has books of its own; it and whatever came of it are gone afterwards."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    society = open_society(
        number=NUMBER, slug="leaving", kind="province", name_zh="迁移学会", name_en="Leaving Society", at=OPENED_AT
    )
    _publish_scheme({"leaving": society})
    yield society
    for schema in (SCHEMA, NEW_SCHEMA):
        remove(admin, schema)


def remove(admin: psycopg.Connection[Any], schema: str) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    connections["provisioner"].close()
    admin.execute(
        "DELETE FROM tenants_domain WHERE tenant_id IN (SELECT id FROM tenants_society WHERE schema_name = %s)",
        (schema,),
    )
    admin.execute("DELETE FROM tenants_society WHERE schema_name = %s", (schema,))
    admin.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
    registry.forget()


@pytest.fixture
def lived(federation: Federation, leaving: Society) -> Society:
    """Members, an application on headquarters' desk, a bill of its own, staff, an upload and a sealed number."""
    first, second = join(federation, leaving, "李申请"), join(federation, leaving, "王推荐")
    with federation.inside(leaving):
        Member.objects.filter(pk=first).update(id_number_sealed=seal("11010519491231002X"), id_type="identity_card")
        Member.objects.filter(pk=second).update(portrait="portraits/wang.jpg")
        default_storage.save("portraits/wang.jpg", ContentFile(b"portrait"))
        owner = open_account(name="赵", email="zhao@example.org", password="long enough words", language="en", at=now())
        grant_role(owner, Role.OWNER, by="command", at=now())
        mint_token(
            owner, label="x", scopes=["codes:read"], expires_at=now().replace(year=now().year + 1), by="c", at=now()
        )
        for person in (senior(), senior(mobile=PAYER[3:], email="p@example.org", id_number=identity_number(serial=88))):
            submit("senior", person)
        own = Bill.objects.create(
            number="B2026-0000001", society_number=NUMBER, payer_name="李", category="ordinary", unit_minor=5000,
            amount_minor=5000, currency="CNY", scheme_version=1, opened_at=now(),
        )  # fmt: skip
        replay([own.pk])
        connection.cursor().execute("INSERT INTO django_session VALUES ('stolen', 'x', now())")
    federation.settle()
    with federation.inside(leaving):
        for application in Application.objects.all():
            endorse_application(application, by_user=staff(), at=AT)
        payer = Application.objects.get(phone=PAYER).pk
    federation.settle()
    with federation.inside(federation.hq):
        decide_case(
            Case.objects.get(application_id=payer),
            outcome="approved",
            reasons="",
            by_user=staff("赵敏", Role.OFFICER),
            at=AT,
        )
    federation.settle()
    return leaving


def society() -> Society:
    registry.forget()
    return registry.street_map().by_number[NEW]


def export(folder: Path) -> Path:
    manage("export_society", NUMBER, "--to", folder)
    return folder


def rows_of(folder: Path, model: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"rows/{model}.jsonl").read_text().splitlines()]


def test_an_archive_is_read_by_people_and_holds_no_key(lived: Society, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    said = manage("export_society", NUMBER, "--to", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert "3 uploads" in said and folder.stat().st_mode & 0o077 == 0
    assert {row["name"] for row in rows_of(folder, "members.member")} == {"李申请", "王推荐"}
    assert manifest["tables"]["members_member"]["rows"] == 2
    assert {row["password"] for row in rows_of(folder, "accounts.user")} == {"!"}
    assert (folder / "media/portraits/wang.jpg").read_bytes() == b"portrait"
    assert not {f"rows/{name}" for name in LEFT_OUT} & manifest["files"].keys()
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (settings.DATABASE_KEY, settings.FIELD_KEY, settings.SECRET_KEY, "stolen", "argon2", "1101051949"):
        assert secret.encode() not in everything
    with pytest.raises(CommandError, match="exists already"):
        manage("export_society", NUMBER, "--to", folder)


def test_what_may_hold_a_secret_is_left_out_or_looked_at() -> None:
    """Whoever adds such a column decides here whether it may go along."""
    looked_at = {
        "members.member": "hashes and seals open with the field key only, which the archive does not hold",
        "applications.application": "the same",
        "members.importrow": "the same",
        "members.memberimport": "the digest of a file",
        "applications.paper": "the digest of a file",
        "payments.paymentattempt": "the digest of a file",
        "schemes.schemeversion": "a name",
        "accounts.user": "blanked",
    }
    suspicious = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label not in ("tenants", "ledger") and model._meta.db_table not in LEFT_OUT
        for field in model._meta.concrete_fields
        if any(word in field.name for word in SECRET_WORDS) and field.name != "sort_key"
    }
    assert suspicious <= looked_at.keys() | {"journal.record", "applications.steprecord"}
    tables = {model._meta.db_table for model in apps.get_models()} | {"django_migrations"}
    assert LEFT_OUT.keys() | BLANKED.keys() <= tables


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


def roll(federation: Federation) -> set[tuple[Any, ...]]:
    with federation.inside(federation.hq):
        return set(RollEntry.objects.filter(society=NUMBER).values_list("member_id", "number", "state", "version"))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("row", "not what was written"),
        ("upload", "not what was written"),
        ("missing", "is missing"),
        ("stranger", "does not belong to it"),
        ("no manifest", "no readable manifest"),
        ("format", "newer version"),
        ("migrations", "newer version"),
        ("older", "of its own age|changed rows"),
        ("key", "another installation"),
        ("count", "has 2 rows and not 3"),
        ("table", "there is no table"),
        ("broken row", "no whole archive"),
        ("reference", "no whole archive"),
        ("backup", "something else"),
        ("cut off", "cannot be read"),
        ("climbs out", "cannot be read"),
        ("kind", "lies between"),
        ("taken number", "exists already"),
        ("no owner", "invitation sent"),
        ("owner", "e-mail"),
        ("slug", "host label"),
        ("border", "unreachable"),
    ],
)
def test_a_bad_archive_or_wish_changes_nothing(
    federation: Federation, lived: Society, tmp_path: Path, monkeypatch: Any, damage: str, says: str
) -> None:
    archive = export(tmp_path / "one")
    wish = list(WISH)
    manifest = json.loads((archive / "manifest.json").read_text())
    members = archive / "rows/members.member.jsonl"
    if damage == "row":
        members.write_text(members.read_text().replace("王推荐", "王大锤"))
    elif damage == "upload":
        (archive / "media/portraits/wang.jpg").write_bytes(b"forged")
    elif damage == "missing":
        members.unlink()
    elif damage == "stranger":
        (archive / "rows/extra.jsonl").write_text("{}\n")
    elif damage == "no manifest":
        (archive / "manifest.json").unlink()
    elif damage == "format":
        manifest["format"] = 2
    elif damage == "migrations":
        manifest["migrations"].append("members.9999_tomorrow")
    elif damage == "older":
        monkeypatch.setattr("tenants.archive.loading._harmless", list)
        manifest["migrations"].remove("members.0002_portrait")
    elif damage == "key":
        manifest["key_print"] = "0" * 64
    elif damage == "count":
        manifest["tables"]["members_member"]["rows"] = 3
    elif damage == "table":
        manifest["tables"]["accounts_apitoken"] = manifest["tables"].pop("members_member")
    elif damage == "broken row":
        rewritten(archive, manifest, members, members.read_text().replace('"active"', '"active'))
    elif damage == "reference":
        rewritten(archive, manifest, archive / "rows/accounts.user.jsonl", "")
        manifest["tables"]["accounts_user"]["rows"] = 0
    elif damage == "backup":
        manage("backup_society", NUMBER, "--to", tmp_path / "backup")
        manifest = json.loads((tmp_path / "backup/manifest.json").read_text()) | {"kind": "branch"}
    elif damage == "cut off":
        manage("export_society", NUMBER, "--to", tmp_path / "one.tar.gz")
        archive = tmp_path / "one.tar.gz"
        archive.write_bytes(archive.read_bytes()[:-100])
    elif damage == "climbs out":
        archive = tmp_path / "evil.tar"
        with tarfile.open(archive, "w") as tar:
            info = tarfile.TarInfo("../evil")
            tar.addfile(info, io.BytesIO())
    elif damage == "kind":
        wish[1] = "105"
    elif damage == "taken number":
        wish[1] = "201"
    elif damage == "no owner":
        wish[5] = ""
    elif damage == "owner":
        wish[5] = "owner at moved"
    elif damage == "slug":
        wish[3] = "Moved!"
    elif damage == "border":
        monkeypatch.setattr(arriving, "send_schemes", unreachable)
    if archive.is_dir() and damage != "no manifest":
        (archive / "manifest.json").write_text(json.dumps(manifest))
    media = sorted(path.name for path in Path(settings.MEDIA_ROOT).iterdir())
    societies = sorted(registry.street_map().by_number)
    with pytest.raises((CommandError, RuntimeError), match=says):
        manage("import_society", archive, *wish)
    registry.forget()
    assert sorted(registry.street_map().by_number) == societies
    assert schema_exists() is False
    assert sorted(path.name for path in Path(settings.MEDIA_ROOT).iterdir()) == media
    assert not (tmp_path / "evil").exists() and not Path("../evil").exists()
    federation.settle()
    with federation.inside(federation.hq):
        assert not RollEntry.objects.filter(society=NEW).exists()


def rewritten(archive: Path, manifest: dict[str, Any], path: Path, text: str) -> None:
    """As somebody would who knows how the manifest is made."""
    path.write_text(text)
    manifest["files"][path.relative_to(archive).as_posix()] = digest_of_file(path)


def unreachable(**facts: Any) -> None:
    raise RuntimeError("unreachable")


def schema_exists() -> bool:
    with connections["provisioner"].cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [NEW_SCHEMA])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("moment", ["loaded", "arrived"])
def test_who_was_killed_is_cleared_away_by_the_next(
    federation: Federation, lived: Society, tmp_path: Path, monkeypatch: Any, moment: str
) -> None:
    """A killed import has left a society that was never open; nobody was told of it, and it begins anew."""
    archive = export(tmp_path / "one")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("tenants.archive.loading.clear_away", lambda society: None)
        if moment == "loaded":
            patched.setattr("config.management.commands.import_society.arrive", killed)
        else:
            patched.setattr(arriving, "send_schemes", killed)
        manage("import_society", archive, *WISH)
    assert society().state == Society.State.OPENING
    federation.settle()
    with federation.inside(federation.hq):
        assert not RollEntry.objects.filter(society=NEW).exists()
    said = manage("import_society", archive, *WISH)
    assert "0 differences." in said and society().state == Society.State.OPEN
    with federation.inside(federation.hq):
        assert RollEntry.objects.filter(society=NEW).count() == 2


def killed(*args: Any, **facts: Any) -> None:
    raise KeyboardInterrupt


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


def test_headquarters_stays(federation: Federation, lived: Society, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no other number"):
        manage("export_society", "100", "--to", tmp_path / "hq")
    assert not list(tmp_path.glob("hq*"))


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
