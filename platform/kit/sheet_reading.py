"""Rows of a list that people hand in: XLSX or CSV, known by its content, read within bounds."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_COLUMNS = 40
_MOST_UNPACKED = 80 * 1024 * 1024
_MOST_PARTS = 200
_LONGEST_CELL = 500
_EXACT = 2**53  # larger whole numbers are rounded by a spreadsheet
ROUNDED = "\ufffc"  # stands for a number that the spreadsheet has rounded: what was typed is lost

Line = tuple[int, list[str]]  # its number in the file as people count, and its cells as text


def read_sheet(content: bytes, *, most_rows: int, field: str = "file") -> list[Line]:
    """The rows that are not empty, the head first; cells as text, days as 2026-03-05.

    Raises Refusal `sheet_too_large`, `sheet_old_excel`, `sheet_unreadable`, `sheet_empty` or `sheet_too_long`.
    """
    if len(content) > MOST_BYTES:
        raise Refusal(
            "sheet_too_large",
            _("The file is larger than %(most)s MB. Divide it into several."),
            field=field,
            most=MOST_BYTES // 2**20,
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(
            "sheet_old_excel",
            _("This is an Excel file of the old kind (.xls) or one with a password. Save it as .xlsx, without one."),
            field=field,
        )
    rows = _xlsx_rows(content, field) if content.startswith(b"PK\x03\x04") else _csv_rows(content, field)
    lines: list[Line] = []
    for number, cells in rows:
        text = [_text(cell) for cell in cells]
        while text and not text[-1]:
            text.pop()
        if text:
            lines.append((number, text))
        if len(lines) > most_rows + 1:
            raise Refusal(
                "sheet_too_long",
                _("The list has more than %(most)s rows. Divide it into several files."),
                field=field,
                most=most_rows,
            )
        if number > 20 * (most_rows + 50):
            break  # a sheet of empty rows without an end
    if not lines:
        raise Refusal("sheet_empty", _("There is nothing in this file."), field=field)
    return lines


def _xlsx_rows(content: bytes, field: str) -> Iterator[tuple[int, Sequence[Any]]]:
    from openpyxl import load_workbook  # five megabytes that only who reads a sheet needs

    try:
        _check_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        yield from enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1)
    except Refusal:
        raise
    except Exception as error:  # the reader has no error of its own: broken files raise whatever they met
        raise _unreadable(field) from error


def _check_archive(content: bytes) -> None:
    """Refuse what unpacks to far more than it weighs, and documents that define entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise ValueError("unpacks to too much")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as opened:
                    start = opened.read(4096)
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise ValueError("defines entities")


def _csv_rows(content: bytes, field: str) -> Iterator[tuple[int, Sequence[str]]]:
    if b"\x00" in content:
        raise _unreadable(field)
    text = _decoded(content, field)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t，", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        yield from _counted(reader)
    except csv.Error as error:
        raise _unreadable(field) from error


def _counted(reader: Iterable[list[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, cells in enumerate(reader, start=1):
        yield number, cells[:MOST_COLUMNS]


def _decoded(content: bytes, field: str) -> str:
    """UTF-8, or the encoding in which Excel saves CSV on a Chinese computer."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(field)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        if abs(cell) >= _EXACT:
            return ROUNDED
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    text = str(cell).replace("\x00", "").strip()
    # What an export wrote in front of a sign that would have begun a formula.
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
        text = text[1:]
    return text[:_LONGEST_CELL]


def _unreadable(field: str) -> Refusal:
    return Refusal(
        "sheet_unreadable",
        _("This file cannot be read as a table. Hand in an Excel file (.xlsx) or a CSV file."),
        field=field,
    )
