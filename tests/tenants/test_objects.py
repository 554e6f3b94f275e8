"""Uploads in an object store: each society's under its own name, without an address, and one fault when it is away."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from moto import mock_aws

from tenants import objects
from tenants.backup import uploads
from tenants.context import inside
from tenants.files import UploadsAway
from tenants.objects import SocietyObjects

BUCKET = "uploads"


@pytest.fixture
def storage(settings: Any) -> Iterator[SocietyObjects]:
    settings.MEDIA_S3 = {
        "bucket": BUCKET,
        "endpoint": "",
        "region": "us-east-1",
        "addressing": "auto",
        "key_id": "key",
        "key_secret": "secret",
    }
    objects._kept.wishes = None
    with mock_aws():
        objects.store().create_bucket(Bucket=BUCKET)
        yield SocietyObjects()
    objects._kept.wishes = None


def test_an_upload_lies_under_the_name_of_its_society(storage: SocietyObjects, welding: Any, zhejiang: Any) -> None:
    with inside(welding):
        assert storage.save("vouchers/a.png", ContentFile(b"picture")) == "vouchers/a.png"
        with storage.open("vouchers/a.png") as file:
            assert file.read() == b"picture"
        assert (storage.exists("vouchers/a.png"), storage.size("vouchers/a.png")) == (True, 7)
    with inside(zhejiang):
        assert not storage.exists("vouchers/a.png")
        with pytest.raises(FileNotFoundError):
            storage.open("vouchers/a.png")
        storage.delete("vouchers/a.png")
    keys = [each["Key"] for each in objects.store().list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert keys == [f"{welding.schema_name}/vouchers/a.png"]
    with inside(welding):
        storage.delete("vouchers/a.png")
        assert not storage.exists("vouchers/a.png")


def test_a_name_that_is_taken_is_not_overwritten(storage: SocietyObjects, in_welding: Any) -> None:
    first = storage.save("papers/a.pdf", ContentFile(b"first"))
    second = storage.save("papers/a.pdf", ContentFile(b"second"))
    assert first != second
    assert storage.open(first).read() == b"first"


@pytest.mark.parametrize("name", ["../s_zhejiang/vouchers/a.png", "/s_zhejiang/a.png", "vouchers/../../a", ""])
def test_nobody_climbs_out(storage: SocietyObjects, in_welding: Any, name: str) -> None:
    for act in (storage.open, storage.exists, storage.delete):
        with pytest.raises(SuspiciousFileOperation):
            act(name)


def test_it_has_no_address(storage: SocietyObjects, in_welding: Any) -> None:
    with pytest.raises(ValueError, match="no public address"):
        storage.url(storage.save("papers/a.pdf", ContentFile(b"paper")))


def _refused(**_: Any) -> None:
    told: Any = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    raise ClientError(told, "GetObject")


def _unreachable(**_: Any) -> None:
    raise EndpointConnectionError(endpoint_url="http://store")


@pytest.mark.parametrize("fault", [_refused, _unreachable])
def test_a_store_that_is_away_is_one_fault(
    storage: SocietyObjects, in_welding: Any, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    client = objects.store()
    for verb in ("get_object", "put_object", "head_object", "delete_object"):
        monkeypatch.setattr(client, verb, fault)
    for act in (storage.open, storage.exists, storage.delete):
        with pytest.raises(UploadsAway):
            act("papers/a.pdf")
    with pytest.raises(UploadsAway):
        storage._save("papers/a.pdf", ContentFile(BytesIO(b"paper").read()))


def test_uploads_go_into_a_backup_and_come_back(
    storage: SocietyObjects, welding: Any, zhejiang: Any, tmp_path: Path
) -> None:
    schema = welding.schema_name
    with inside(zhejiang):
        storage.save("papers/other.pdf", ContentFile(b"other"))
    with inside(welding):
        kept = [storage.save("papers/diploma.pdf", ContentFile(b"diploma")), storage.save("v/1.png", ContentFile(b"1"))]
    uploads.copy_out(schema, tmp_path)
    assert {path.relative_to(tmp_path / "media").as_posix() for path in tmp_path.rglob("*.*")} == set(kept)
    with inside(welding):
        storage.delete(kept[0])
        storage.save("papers/later.pdf", ContentFile(b"later"))
    uploads.lay_beside(tmp_path, schema)
    with uploads.swapping(schema, f"{schema}_before_261122080000") as swap:
        swap()
    with inside(welding):
        assert [storage.open(name).read() for name in kept] == [b"diploma", b"1"]
    assert list(objects.objects_of(zhejiang.schema_name)) == ["papers/other.pdf"]


def test_a_name_that_climbs_is_not_written_into_a_backup(storage: SocietyObjects, welding: Any, tmp_path: Path) -> None:
    key = f"{welding.schema_name}/../../outside"
    objects.store().put_object(Bucket=BUCKET, Key=key, Body=b"x")
    with pytest.raises(SuspiciousFileOperation):
        uploads.copy_out(welding.schema_name, tmp_path / "backup")
    assert not (tmp_path / "outside").exists()


def test_a_society_that_begins_with_uploads_has_all_or_none(
    storage: SocietyObjects, welding: Any, tmp_path: Path
) -> None:
    """What an archive brings is there once the society is, and gone again if it does not come about."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers/a.pdf").write_bytes(b"diploma")
    with inside(welding):
        storage.save("papers/a.pdf", ContentFile(b"another's"))
    with pytest.raises(RuntimeError), uploads.laid(tmp_path, "s_new"):
        assert list(objects.objects_of("s_new")) == ["papers/a.pdf"]
        raise RuntimeError
    assert list(objects.objects_of("s_new")) == []
    with uploads.laid(tmp_path, "s_new"):
        pass
    assert objects.read_object("s_new", "papers/a.pdf") == b"diploma"
    uploads.remove_all("s_new")
    assert list(objects.objects_of("s_new")) == []
    assert objects.read_object(welding.schema_name, "papers/a.pdf") == b"another's"
