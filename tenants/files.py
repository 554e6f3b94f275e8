"""Uploads lie in a folder per society and are never served by path."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

from tenants.roles import check_schema_name


class UploadsAway(OSError):
    """The store of uploads does not answer, or does not let us in."""


def in_bucket() -> bool:
    """Whether uploads lie in an object store (`tenants.objects`) and not in a folder."""
    return bool(settings.MEDIA_S3["bucket"])


class SocietyStorage(FileSystemStorage):
    """Files of the current society only; `location` is asked each time, so no society's folder is remembered."""

    @property
    def base_location(self) -> str:
        from tenants.context import current

        return str(Path(settings.MEDIA_ROOT) / check_schema_name(current().schema_name))

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    @cached_property
    def base_url(self) -> str:
        raise ValueError("uploads have no public address")
