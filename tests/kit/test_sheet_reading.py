"""Lists that people hand in: whatever they are called, read by their content and within bounds."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from kit.errors import Refusal
from kit.sheet_reading import MOST_BYTES, ROUNDED, read_sheet


def xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _code(content: bytes, most_rows: int = 10) -> str:
    with pytest.raises(Refusal) as refused:
        read_sheet(content, most_rows=most_rows)
    assert refused.value.field == "file"
    return refused.value.code


def test_cells_of_excel_as_people_read_them() -> None:
    rows = read_sheet(
        xlsx(["a", "b"], [date(2026, 3, 5), 13800000000.0], [None, None], [" x ", 1.5], ["", True]), most_rows=10
    )
    assert rows == [(1, ["a", "b"]), (2, ["2026-03-05", "13800000000"]), (4, ["x", "1.5"]), (5, ["", "True"])]


def test_a_number_that_excel_has_rounded_is_known_as_such() -> None:
    assert read_sheet(xlsx(["id"], [110105199003070134]), most_rows=5)[1][1] == [ROUNDED]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_excel_saves_it_anywhere(encoding: str, delimiter: str) -> None:
    text = f'姓名{delimiter}电话\r\n李四{delimiter}"138\n00"\r\n\r\n陈静{delimiter}\'+86\r\n'
    assert read_sheet(text.encode(encoding), most_rows=5) == [
        (1, ["姓名", "电话"]),
        (2, ["李四", "138\n00"]),
        (4, ["陈静", "+86"]),
    ]


def test_formulas_are_read_by_their_value_and_errors_as_text() -> None:
    assert read_sheet(xlsx(["a"], ["=1+1"], ["#N/A"]), most_rows=5) == [(1, ["a"]), (3, ["#N/A"])]


def test_bounds() -> None:
    assert _code(b"") == "sheet_empty"
    assert _code(b"\n\n , \n") == "sheet_empty"
    assert _code(b"x" * (MOST_BYTES + 1)) == "sheet_too_large"
    assert _code(b"a\n" * 12) == "sheet_too_long"
    assert len(read_sheet(b"a\n" * 11, most_rows=10)) == 11
    assert read_sheet(("x" * 2000).encode(), most_rows=1) == [(1, ["x" * 500])]
    assert len(read_sheet((",x" * 100).encode(), most_rows=1)[0][1]) == 40


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing more",
        b"%PDF-1.7\x00",
        b"\x89PNG\r\n\x1a\n\x00\xff",
        b"\xff\xfe\xff\xff\xff",
        b'a,"b\nc' + b"\xff",
        xlsx(["a"])[:-200],
    ],
)
def test_what_is_no_table_is_said_to_be_none(content: bytes) -> None:
    assert _code(content) == "sheet_unreadable"


def test_an_old_or_encrypted_workbook_is_named_as_such() -> None:
    assert _code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600) == "sheet_old_excel"


def _with(name: str, content: bytes) -> bytes:
    """A workbook with another part in the place of one."""
    out = BytesIO()
    with ZipFile(BytesIO(xlsx(["a"]))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


def test_bombs_are_not_unpacked() -> None:
    assert _code(_with("docProps/app.xml", b" " * (81 * 1024 * 1024))) == "sheet_unreadable"
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><x>&a;</x>'
    assert _code(_with("xl/worksheets/sheet1.xml", bomb)) == "sheet_unreadable"
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far += b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'
    far += b"</sheetData></worksheet>"
    assert read_sheet(_with("xl/worksheets/sheet1.xml", far), most_rows=10) == [(1, ["1"])]
