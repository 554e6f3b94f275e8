"""A bad archive, a bad wish or a killed import changes nothing."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections

from config import arriving
from federation.ledger.models import RollEntry
from tenants import registry
from tenants.models import Society
from tests.federation_fixture import Federation
from tests.tenants.archive.leaving import (
    NEW,
    NEW_SCHEMA,
    NUMBER,
    WISH,
    export,
    rewritten,
    society,
)
from tests.tenants.backup.kept import manage


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
