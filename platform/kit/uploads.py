"""Uploaded files, believed by their content only: images are written anew, PDF files are searched."""

from __future__ import annotations

import builtins
import hashlib
import struct
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, Protocol, cast

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from kit.errors import Refusal
from kit.pdf_content import check_pdf

FileType = Literal["jpeg", "png", "pdf"]

# What may be asked for; `image` is short for both kinds of image.
KINDS: dict[str, tuple[FileType, ...]] = {
    "image": ("jpeg", "png"),
    "jpeg": ("jpeg",),
    "png": ("png",),
    "pdf": ("pdf",),
}
_SIGNATURES: tuple[tuple[FileType, bytes], ...] = (
    ("jpeg", b"\xff\xd8\xff"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("pdf", b"%PDF-"),
)
_STORED_AS = {
    "jpeg": ("image/jpeg", ".jpg"),
    "png": ("image/png", ".png"),
    "pdf": ("application/pdf", ".pdf"),
}
_WRITTEN = {"jpeg": "JPEG", "png": "PNG", "pdf": "PDF"}

# A large JPEG is decoded at a fraction of its size; a PNG only as a whole, so less is possible.
MOST_PIXELS = {"jpeg": 80_000_000, "png": 30_000_000}
_MOST_DECODED = 30_000_000
# An A4 sheet at 350 dots per inch: what is written small stays readable.
LONGEST_SIDE = 4096
_QUALITY = 88

# What Pillow's decoders raise for bytes that are not the image they claim to be.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


class Upload(Protocol):
    """An open file: all that is asked of it is its bytes."""

    def read(self, num_bytes: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class CleanUpload:
    """A file that may be stored: its bytes as they are to be written, and what they are."""

    bytes: builtins.bytes
    content_type: str
    suffix: str
    sha256: str

    @property
    def size(self) -> int:
        return len(self.bytes)


def inspect_upload(file: Upload, *, accepts: Collection[str], max_bytes: int, field: str = "file") -> CleanUpload:
    """Return the file as it may be stored; `accepts` names some of `KINDS`.

    The file's name and declared type are not looked at. Images come back re-encoded, upright, at most
    `LONGEST_SIDE` long, without EXIF or anything else that is not a pixel; a PDF file comes back as it is.
    Raises Refusal `file_empty`, `file_too_large`, `file_type_refused`, `file_heic`, `file_damaged`,
    `image_too_large`, or one of `check_pdf`, for `field`.
    """
    allowed = {kind for name in accepts for kind in KINDS[name]}
    content = file.read(max_bytes + 1)
    if not content:
        raise Refusal("file_empty", _("This file is empty. Choose another one."), field=field)
    if len(content) > max_bytes:
        raise Refusal(
            "file_too_large",
            _("This file is too large: at most %(most)s MB are possible."),
            field=field,
            most=f"{max_bytes / 1024 / 1024:.3g}",
        )
    found = next((kind for kind, signature in _SIGNATURES if content.startswith(signature)), None)
    if found is None or found not in allowed:
        raise _refuse_type(content, allowed, field)
    if found == "pdf":
        check_pdf(content, field=field)
    else:
        content = _write_anew(content, found, field)
    content_type, suffix = _STORED_AS[found]
    return CleanUpload(content, content_type, suffix, hashlib.sha256(content).hexdigest())


def _write_anew(content: bytes, kind: FileType, field: str) -> bytes:
    """Decode with the one decoder that the signature names, and encode the pixels alone."""
    format_name = _WRITTEN[kind]
    try:
        if kind == "png":
            with Image.open(BytesIO(content), formats=[format_name]) as whole:
                _check_pixels(whole, MOST_PIXELS[kind], field)
                whole.verify()  # the check sum of every chunk; the image is of no use afterwards
        with Image.open(BytesIO(content), formats=[format_name]) as image:
            _check_pixels(image, MOST_PIXELS[kind], field)
            image.draft(None, (LONGEST_SIDE // 2, LONGEST_SIDE // 2))
            _check_pixels(image, _MOST_DECODED, field)
            image.load()
            pixels = _plain_pixels(ImageOps.exif_transpose(image), kind)
        pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # A colour profile is a program for other people's parsers: it does not travel on either.
        pixels.info.clear()
        written = BytesIO()
        pixels.save(written, format_name, quality=_QUALITY)
    except Image.DecompressionBombError:
        raise _too_many_pixels(MOST_PIXELS[kind], field) from None
    except _UNREADABLE as error:
        raise Refusal(
            "file_damaged",
            _("This image cannot be read to its end. Open it, save it anew and try again."),
            field=field,
        ) from error
    return written.getvalue()


def _check_pixels(image: Image.Image, most: int, field: str) -> None:
    """Refuse before anything is decoded: a few bytes can claim to be gigabytes of pixels."""
    if image.width * image.height > most:
        raise _too_many_pixels(most, field)


def _too_many_pixels(most: int, field: str) -> Refusal:
    return Refusal(
        "image_too_large",
        _("This image has too many pixels: at most %(most)s million are possible. Save it smaller."),
        field=field,
        most=most // 1_000_000,
    )


def _plain_pixels(image: Image.Image, kind: FileType) -> Image.Image:
    """A copy in one of the few modes that every program can show."""
    if image.mode.startswith("I"):  # 16 bits of grey, as scanners write them
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if kind == "png" and image.has_transparency_data:
        return image.convert("RGBA")
    fits = max(image.size) <= LONGEST_SIDE
    if image.mode in {"L", "RGB"} or (kind == "png" and fits and image.mode in {"1", "P"}):
        return image.copy()
    return image.convert("L" if image.mode == "1" else "RGB")


# What people send by mistake, and what to say about it.
_OTHERS: tuple[tuple[bytes, object], ...] = (
    (b"GIF8", _("a GIF image")),
    (b"BM", _("a BMP image")),
    (b"II*\x00", _("a TIFF image")),
    (b"MM\x00*", _("a TIFF image")),
    (b"PK\x03\x04", _("a ZIP archive or an Office document")),
    (b"\xd0\xcf\x11\xe0", _("an old Office document")),
    (b"Rar!", _("a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", _("a 7z archive")),
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"%!PS", _("a PostScript file")),
)


def _refuse_type(content: bytes, allowed: Collection[FileType], field: str) -> Refusal:
    wanted = tuple(_WRITTEN[kind] for kind in ("jpeg", "png", "pdf") if kind in allowed)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return Refusal(
            "file_heic",
            _(
                "This is a HEIC photo, as some telephones take. Save or share it as JPEG (on an iPhone: "
                "Settings, Camera, Formats, Most Compatible), then upload that. Possible are: %(wanted)s."
            ),
            field=field,
            wanted=wanted,
        )
    return Refusal(
        "file_type_refused",
        _("This file is %(found)s. Possible are: %(wanted)s. The content counts, not the file's name."),
        field=field,
        found=_name_of(content),
        wanted=wanted,
    )


def _name_of(content: bytes) -> object:
    for kind, signature in _SIGNATURES:
        if content.startswith(signature):
            return _WRITTEN[kind]
    for signature, name in _OTHERS:
        if content.startswith(signature):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _("a WebP image")
    if content[4:12] == b"ftypavif":
        return _("an AVIF image")
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        return _("an SVG drawing") if b"<svg" in content[:4000].lower() else _("a web page or an XML file")
    return cast(object, _("of another kind"))
