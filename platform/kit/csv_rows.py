"""Rows as lines of CSV that are safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

BOM = "\ufeff"  # by which Excel knows that the file is UTF-8
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as lines of CSV."""
    written = StringIO()
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()
