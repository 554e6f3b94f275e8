"""Uploads in an object store that speaks S3: private objects under the name of the society's schema."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from tenants.files import UploadsAway
from tenants.roles import check_schema_name

_kept = threading.local()


class SocietyObjects(Storage):
    """Objects of the current society only; they have no public address, pages alone hand them out.

    An upload is small and in memory already, so each is put and got whole, in one request.
    """

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with told(name):
            answer = store().get_object(Bucket=bucket(), Key=key_of(name))
            return ContentFile(answer["Body"].read(), name=name)

    def _save(self, name: str, content: "File[Any]") -> str:
        with told(name):
            store().put_object(Bucket=bucket(), Key=key_of(name), Body=content.read())
        return name

    def delete(self, name: str) -> None:
        with told(name):
            store().delete_object(Bucket=bucket(), Key=key_of(name))

    def exists(self, name: str) -> bool:
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        with told(name):
            return int(store().head_object(Bucket=bucket(), Key=key_of(name))["ContentLength"])

    def url(self, name: str | None) -> str:
        raise ValueError("uploads have no public address")


def key_of(name: str) -> str:
    """Where an upload of the current society lies; a name that climbs out of there is refused."""
    from tenants.context import current

    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise SuspiciousFileOperation(f"not the name of an upload: {name!r}")
    return "/".join((check_schema_name(current().schema_name), *parts))


def objects_of(schema: str) -> Iterator[str]:
    """The names of all uploads of a society, in order."""
    prefix = f"{check_schema_name(schema)}/"
    with told(prefix):
        for page in store().get_paginator("list_objects_v2").paginate(Bucket=bucket(), Prefix=prefix):
            for each in page.get("Contents", ()):
                name = str(each["Key"]).removeprefix(prefix)
                if ".." in PurePosixPath(name).parts:
                    raise SuspiciousFileOperation(f"not the name of an upload: {name!r}")
                yield name


def read_object(schema: str, name: str) -> bytes:
    """One upload of a society, for its backup."""
    with told(name):
        return bytes(store().get_object(Bucket=bucket(), Key=f"{check_schema_name(schema)}/{name}")["Body"].read())


def write_object(schema: str, name: str, content: bytes) -> None:
    """Put an upload back under the name that its row knows."""
    with told(name):
        store().put_object(Bucket=bucket(), Key=f"{check_schema_name(schema)}/{name}", Body=content)


def remove_object(schema: str, name: str) -> None:
    with told(name):
        store().delete_object(Bucket=bucket(), Key=f"{check_schema_name(schema)}/{name}")


def bucket() -> str:
    return str(settings.MEDIA_S3["bucket"])


def store() -> Any:
    """This thread's client; it connects when it is first used, so none comes over a fork."""
    wishes = settings.MEDIA_S3
    if getattr(_kept, "wishes", None) != wishes:
        session = boto3.session.Session()
        _kept.client = session.client(
            "s3",
            endpoint_url=wishes["endpoint"] or None,
            region_name=wishes["region"] or None,
            aws_access_key_id=wishes["key_id"] or None,
            aws_secret_access_key=wishes["key_secret"] or None,
            config=Config(
                connect_timeout=3,
                read_timeout=15,
                retries={"total_max_attempts": 2, "mode": "standard"},
                s3={"addressing_style": wishes["addressing"]},
                # Stores other than Amazon's know no checksums but those that a request must have.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        _kept.wishes = wishes
    return _kept.client


@contextmanager
def told(name: str) -> Iterator[None]:
    """What is not there is a missing file; a store that does not answer, or refuses, is away."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(name) from error
        raise UploadsAway(str(error.response["Error"].get("Code", ""))) from error
    except BotoCoreError as error:
        raise UploadsAway(type(error).__name__) from error
