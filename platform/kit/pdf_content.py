"""What may stand in a PDF file that strangers send: pages, and nothing that runs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal

# Every character of a name may be written as #xx, which is how programs are hidden from a plain search.
_FORBIDDEN = ("JavaScript", "Launch", "RichMedia")


def _spelt(name: str) -> bytes:
    return b"".join(b"(?:%s|#%02x|#%02X)" % (symbol.encode(), ord(symbol), ord(symbol)) for symbol in name)


def _pattern(*names: str) -> re.Pattern[bytes]:
    # Upper- and lower-case digits can be mixed in one escape only where it has a letter: #4A and #4a.
    return re.compile(rb"/(?:" + b"|".join(_spelt(name) for name in names) + rb")(?![A-Za-z0-9#])")


_RUNS = _pattern(*_FORBIDDEN)
_FORM = re.compile(b"/" + _spelt("XFA") + rb"\s*[\[0-9]")
_ENCRYPTED = _pattern("Encrypt")
_OBJECT_STREAM = _pattern("ObjStm")
_STREAM = re.compile(rb"stream\r?\n")
_END = re.compile(rb"%%EOF[\s\x00]*\Z")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+|[0-9]+)")
_PREDICTOR = re.compile(rb"/Predictor\s+(?!1\b)")

# A few hundred pages of text unpack to some 20 MB; a stream far beyond that is a picture, or a bomb.
_MOST_OF_A_STREAM = 16 * 1024 * 1024
_MOST_IN_ALL = 128 * 1024 * 1024
_ZIP_END, _ZIP_END_SIZE = b"PK\x05\x06", 22


def check_pdf(content: bytes, *, field: str) -> None:
    """Pass a PDF file that starts and ends as one, and has nothing in it that runs when it is opened.

    Raises Refusal `file_damaged`, `file_ambiguous` (also a ZIP archive), `pdf_encrypted`, `pdf_active` or
    `pdf_unreadable` (cannot be searched to its end), for `field`.
    """
    if not content.startswith(b"%PDF-") or not _END.search(content[-2048:]) or b"startxref" not in content[-4096:]:
        raise Refusal(
            "file_damaged",
            _("This PDF file is cut short or damaged. Open it, save it anew as PDF and try again."),
            field=field,
        )
    if _ends_as_zip(content):
        raise Refusal(
            "file_ambiguous",
            _("This file is a PDF file and an archive at the same time. Save the pages anew as PDF."),
            field=field,
        )
    if _ENCRYPTED.search(content):
        raise Refusal(
            "pdf_encrypted",
            _("This PDF file is encrypted. Save it without a password, or send a picture of its pages."),
            field=field,
        )
    if _is_active(content) or any(_is_active(text) for text in _unpacked(content, field)):
        raise Refusal(
            "pdf_active",
            _("This PDF file contains a program or an interactive form. Print it to a new PDF file."),
            field=field,
        )


def _is_active(text: bytes) -> bool:
    return _RUNS.search(text) is not None or _FORM.search(text) is not None


def _ends_as_zip(content: bytes) -> bool:
    """Whether a program that reads archives from their end would find one here."""
    tail = content[-(_ZIP_END_SIZE + 65535) :]
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) - at < _ZIP_END_SIZE:
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return comment <= len(tail) - at - _ZIP_END_SIZE


def _unpacked(content: bytes, field: str) -> Iterator[bytes]:
    """Every packed stream, unpacked: since PDF 1.5 the objects that matter may lie within one."""
    left = _MOST_IN_ALL
    for found in _STREAM.finditer(content):
        # The dictionary stands before its stream; 1,000 bytes hold any that describes objects.
        described = content[max(0, found.start() - 1000) : found.start()].rpartition(b" obj")[2]
        holds_objects = _OBJECT_STREAM.search(described) is not None
        if holds_objects and not _is_plainly_packed(described):
            raise _unreadable(field)
        head = content[found.end() : found.end() + 2]
        if len(head) < 2 or head[0] & 0x0F != 8 or int.from_bytes(head, "big") % 31:
            continue
        text, used = _inflate(content, found.end(), most=min(left, _MOST_OF_A_STREAM) + 1)
        left -= used
        if left <= 0 or (holds_objects and len(text) > _MOST_OF_A_STREAM):
            raise _unreadable(field)
        yield text


def _is_plainly_packed(described: bytes) -> bool:
    """Whether unpacking once shows the objects as they are; what every known program writes."""
    filters = [found.strip(b"[] \t\r\n") for found in _FILTER.findall(described)]
    return filters in ([], [b"/FlateDecode"]) and b"#" not in described and not _PREDICTOR.search(described)


def _inflate(content: bytes, start: int, *, most: int) -> tuple[bytes, int]:
    """Unpack at most so many bytes; also return what the attempt cost, in bytes read and written."""
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    written = read = 0
    step = 1024
    while written < most and not unpacker.eof:
        packed = content[start + read : start + read + step]
        if not packed:
            break
        read += len(packed)
        try:
            part = unpacker.decompress(packed, most - written)
        except zlib.error:
            break
        written += len(part)
        parts.append(part)
        step = min(step * 4, 65536)
    return b"".join(parts), read + written


def _unreadable(field: str) -> Refusal:
    return Refusal(
        "pdf_unreadable",
        _("This PDF file is packed in a way that cannot be checked. Print it to a new PDF file."),
        field=field,
    )
