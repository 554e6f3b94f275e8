"""A society is kept, loses its way or its schema, and comes back; nobody else is touched."""

import hashlib
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connection, transaction
from psycopg.sql import SQL

from huilian.journal.queries import verify
from huilian.journal.services import record
from kit.clock import now
from tenants.backup import returning
from tenants.backup.manifest import read_manifest
from tenants.backup.returning import kept_schemas
from tenants.models import Society
from tests.federation_fixture import Federation
from tests.tenants.backup.kept import NUMBER, SCHEMA, join, manage, prints, schemas

BORDER = ("federation_outboxmessage", "federation_outboxhead", "federation_inboxmessage", "federation_inboxhead")


def test_a_backup_says_what_it_holds(federation: Federation, kept: Society, tmp_path: Path) -> None:
    join(federation, kept, "李申请")
    with federation.inside(kept):
        default_storage.save("papers/diploma.pdf", ContentFile(b"diploma"))
        connection.cursor().execute("INSERT INTO django_session VALUES ('stolen', 'x', now())")
    said = manage("backup_society", NUMBER, "--to", tmp_path / "one")
    folder = tmp_path / "one"
    assert "1 uploads" in said
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["tables"]["members_member"][0] == 1
    assert manifest["tables"]["django_session"][0] == 0
    assert (folder / "media/papers/diploma.pdf").read_bytes() == b"diploma"
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert folder.stat().st_mode & 0o077 == 0
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (settings.DATABASE_KEY, settings.FIELD_KEY, settings.SECRET_KEY, "stolen"):
        assert secret.encode() not in everything
    with pytest.raises(CommandError, match="exists already"):
        manage("backup_society", NUMBER, "--to", folder)


def test_everything_comes_back_as_it_was(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    join(federation, kept, "李申请")
    with federation.inside(kept), transaction.atomic():
        # The schema's own name in a row stays what somebody wrote.
        record("note.made", ("society", NUMBER), by="system", at=now(), reason="s_kept\t\\. 's_kept.members'\nCOPY x;")
    with federation.inside(kept):
        default_storage.save("papers/diploma.pdf", ContentFile(b"diploma"))
    federation.settle()
    others = {schema: prints(admin, schema, BORDER) for schema in ("s_welding", "s_zhejiang")}
    before = prints(admin, SCHEMA)
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    join(federation, kept, "后来的人")
    with federation.inside(kept):
        default_storage.delete("papers/diploma.pdf")
        default_storage.save("papers/later.pdf", ContentFile(b"later"))
    manage("restore_society", NUMBER, "--from", tmp_path / "one")

    # The return itself is journalled, reported and reconciled; all else is to the letter what it was.
    moved = ("journal_record", "journal_journalhead", "members_numberserial", "django_session", *BORDER)
    after = prints(admin, SCHEMA, moved)
    assert after == {table: before[table] for table in after}
    assert {schema: prints(admin, schema, BORDER) for schema in others} == others
    with federation.inside(kept):
        assert verify() is None
        assert default_storage.exists("papers/diploma.pdf") and not default_storage.exists("papers/later.pdf")
    society = Society.objects.using("provisioner").get(pk=kept.pk)
    assert society.state == Society.State.OPEN
    # Sequences go on, and the login writes what it may and nothing more.
    join(federation, kept, "新来的人")
    with federation.inside(kept), pytest.raises(Exception, match="permission denied"):
        connection.cursor().execute("DELETE FROM journal_record")
    with federation.inside(kept), pytest.raises(Exception, match="permission denied"):
        connection.cursor().execute(f"SELECT * FROM {kept_schemas(kept)[0]}.members_member")
    said = manage("restore_society", NUMBER, "--drop-old")
    assert "s_kept_before_" in said and schemas(admin) == [SCHEMA]
    assert [path.name for path in Path(settings.MEDIA_ROOT).iterdir()] == [SCHEMA]


@pytest.mark.parametrize("damage", ["dump", "count", "media", "other", "swap", "newer"])
def test_a_return_that_fails_changes_nothing(
    federation: Federation,
    kept: Society,
    tmp_path: Path,
    admin: psycopg.Connection[Any],
    monkeypatch: Any,
    damage: str,
) -> None:
    join(federation, kept, "李申请")
    with federation.inside(kept):
        default_storage.save("papers/diploma.pdf", ContentFile(b"diploma"))
    federation.settle()
    folder = tmp_path / "one"
    manage("backup_society", NUMBER, "--to", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    number = NUMBER
    if damage == "dump":
        (folder / "society.dump").write_bytes((folder / "society.dump").read_bytes()[:-200])
    elif damage == "media":
        (folder / "media/papers/diploma.pdf").write_bytes(b"forged")
    elif damage == "count":
        manifest["tables"]["members_member"][1] = "1"
        (folder / "manifest.json").write_text(json.dumps(manifest))
    elif damage == "newer":
        manifest["migrations"].append("members.9999_tomorrow")
        (folder / "manifest.json").write_text(json.dumps(manifest))
    elif damage == "other":
        number = "101"
    else:
        monkeypatch.setattr(returning, "society_grants", lambda schema, tables: SQL("SELECT 1 / 0"))
    before = prints(admin, SCHEMA)
    with pytest.raises(CommandError, match={
        "dump": "not what was written",
        "media": "not what was written",
        "count": "members_member",
        "newer": "newer version",
        "other": "not of 101",
        "swap": "division by zero",
    }[damage]):  # fmt: skip
        manage("restore_society", number, "--from", folder)
    assert schemas(admin) == [SCHEMA] and prints(admin, SCHEMA) == before
    assert Society.objects.using("provisioner").get(pk=kept.pk).state == Society.State.OPEN
    assert [path.name for path in Path(settings.MEDIA_ROOT).iterdir()] == [SCHEMA]
    with federation.inside(kept):
        assert default_storage.open("papers/diploma.pdf").read() == b"diploma"


def test_an_older_backup_is_upgraded(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    """As if the last migration had come after the backup: the society returns where its template stands."""
    admin.execute("DELETE FROM s_kept.django_migrations WHERE app = 'sessions'")
    admin.execute("DROP TABLE s_kept.django_session")
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "has been upgraded" in said
    row = admin.execute("SELECT to_regclass('s_kept.django_session')").fetchone()
    assert row is not None and row[0] is not None
    with federation.inside(kept):
        connection.cursor().execute("INSERT INTO django_session VALUES ('new', 'x', now())")


def test_the_drill_proves_and_leaves_nothing(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    join(federation, kept, "李申请")
    before = prints(admin, SCHEMA)
    said = manage("restore_drill", NUMBER)
    assert "can come back" in said and "journal and books" in said
    assert schemas(admin) == [SCHEMA] and prints(admin, SCHEMA) == before
    admin.execute("UPDATE s_kept.journal_record SET actor = 'nobody' WHERE seq = 1")
    with pytest.raises(CommandError, match="journal is broken at 1"):
        manage("restore_drill", NUMBER)
    assert schemas(admin) == [SCHEMA]


def test_the_whole_federation_in_one_folder(federation: Federation, kept: Society, tmp_path: Path) -> None:
    join(federation, kept, "李申请")
    said = manage("backup_federation", "--to", tmp_path / "all")
    folder = tmp_path / "all"
    assert "[4/4] zhejiang" in said and "4 societies" in said
    assert sorted(path.name for path in folder.iterdir()) == ["100", "101", "198", "201", "registry.json"]
    assert {read_manifest(folder / number).number for number in ("100", "101", "198", "201")}
    registered = json.loads((folder / "registry.json").read_text())
    assert {row["number"] for row in registered["societies"]} == {"100", "101", "198", "201"}
    assert len(registered["domains"]) == 4


def test_a_suspended_society_stays_suspended(federation: Federation, kept: Society, tmp_path: Path) -> None:
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    Society.objects.using("provisioner").filter(pk=kept.pk).update(state=Society.State.SUSPENDED)
    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "stays so" in said
    assert Society.objects.using("provisioner").get(pk=kept.pk).state == Society.State.SUSPENDED


def test_no_society_no_folder(federation: Federation, kept: Society, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no society with number 777"):
        manage("backup_society", "777", "--to", tmp_path / "x")
    with pytest.raises(CommandError, match="no whole backup"):
        manage("restore_society", NUMBER, "--from", tmp_path / "nowhere")
