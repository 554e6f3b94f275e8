"""A workbook of one sheet, written as it is sent: no row is kept, and the first bytes leave at once.

A library would write a file first and hand it over when it is whole: minutes of silence for a million rows. Every text
is a typed text cell, which no spreadsheet takes for a formula; days are days, whole numbers are numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MOST_ROWS = 1_048_576  # what a sheet of Excel holds, with its head
_LONGEST = 32_767  # characters in a cell
_FIRST_DAY = date(1899, 12, 30).toordinal()
_MAKING = (1980, 1, 1, 0, 0, 0)  # the same rows give the same bytes
# XML 1.0 has no way to say these.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
_HEAD += 'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'

_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    # Style 0 is as it comes, 1 is bold, 2 is a day.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


class _Outgoing:
    """Where the archive is written: what is there is taken away and sent."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.waiting.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back here."""

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def xlsx_bytes(
    head: Sequence[str], blocks: Iterable[Sequence[Sequence[object]]], *, sheet: str, widths: Sequence[int] = ()
) -> Iterator[bytes]:
    """The workbook piece by piece, a piece for each block of rows; raises ValueError beyond `MOST_ROWS`."""
    out = _Outgoing()
    with ZipFile(cast("Any", out), "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _PARTS.items():
            archive.writestr(_part(name), _XML + content)
        archive.writestr(_part("xl/workbook.xml"), _workbook(sheet))
        with archive.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as opened:
            columns = "".join(_column(at, widths[at] if at < len(widths) else 14) for at in range(len(head)))
            first = "".join(f'<c t="inlineStr" s="1"><is><t>{_said(each)}</t></is></c>' for each in head)
            opened.write(f"{_XML}{_HEAD}{columns}</cols><sheetData><row>{first}</row>".encode())
            written = 1
            for block in blocks:
                written += len(block)
                if written > MOST_ROWS:
                    raise ValueError(f"a sheet holds {MOST_ROWS} rows")
                opened.write("".join(map(_row, block)).encode())
                yield out.take()
            opened.write(b"</sheetData></worksheet>")
    yield out.take()


def _row(row: Sequence[object]) -> str:
    # Cells follow one another without their addresses, which a reader counts for itself: a third less to write.
    return f"<row>{''.join(map(_cell, row))}</row>"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if type(value) is date:
        return f'<c s="2"><v>{value.toordinal() - _FIRST_DAY}</v></c>'
    if type(value) is int:
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{_said(value)}</t></is></c>'


def _said(value: object) -> str:
    return _UNSAYABLE.sub("", str(value)[:_LONGEST]).translate(_ESCAPES)


def _column(at: int, width: int) -> str:
    return f'<col min="{at + 1}" max="{at + 1}" width="{width}" customWidth="1"/>'


def _workbook(sheet: str) -> str:
    # A name of a sheet has at most 31 characters, and none of these.
    name = _said(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31]).replace('"', "&quot;")
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )


def _part(name: str) -> ZipInfo:
    part = ZipInfo(name, _MAKING)
    part.compress_type = ZIP_DEFLATED
    return part
