"""The files that prove payments: kept under names of our own, in the payee's folder, read by finance only."""

import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kit.uploads import CleanUpload

_CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher's bytes, and how to hand them out: as an attachment of this type, under this name."""

    content: bytes
    content_type: str
    file_name: str


def keep_voucher(upload: CleanUpload) -> str:
    """Write the file and return its path; a row is to name it afterwards, never before."""
    return default_storage.save(f"vouchers/{secrets.token_hex(16)}{upload.suffix}", ContentFile(upload.bytes))


def drop_voucher(path: str) -> None:
    """Remove a file that no row came to name."""
    default_storage.delete(path)


def read_voucher(path: str, *, called: str) -> Voucher | None:
    """The file at a path, called after its bill; None if it is gone."""
    try:
        with default_storage.open(path) as file:
            content = file.read()
    except FileNotFoundError:
        return None
    suffix = path[path.rfind(".") :]
    return Voucher(content, _CONTENT_TYPES[suffix], f"{called}{suffix}")
