"""An archive is read by people, and holds no key."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError

from tenants.archive.contents import BLANKED, LEFT_OUT
from tenants.models import Society
from tests.federation_fixture import Federation
from tests.tenants.archive.leaving import NUMBER
from tests.tenants.backup.kept import manage

SECRET_WORDS = ("hash", "secret", "token", "password", "key", "sealed", "nonce")


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


def test_headquarters_stays(federation: Federation, lived: Society, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no other number"):
        manage("export_society", "100", "--to", tmp_path / "hq")
    assert not list(tmp_path.glob("hq*"))
