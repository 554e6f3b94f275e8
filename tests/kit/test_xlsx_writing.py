"""A workbook that is written as it is sent, read back by somebody else's reader."""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from kit import xlsx_writing
from kit.xlsx_writing import xlsx_bytes


def _read(head: list[str], blocks: list[list[list[object]]], sheet: str = "Members") -> Any:
    return load_workbook(BytesIO(b"".join(xlsx_bytes(head, blocks, sheet=sheet, widths=(20,)))))


def test_texts_are_texts_days_are_days_and_numbers_numbers() -> None:
    book = _read(["Name", "Since", "Years"], [[["=HYPERLINK(1)", date(2026, 3, 5), 5]], [[None, "", "5"]]])
    rows = [[(cell.value, cell.data_type) for cell in row] for row in book.active.rows]
    assert rows[0] == [("Name", "s"), ("Since", "s"), ("Years", "s")]
    day = datetime(2026, 3, 5)  # noqa: DTZ001 - a day in a sheet has no zone
    assert rows[1] == [("=HYPERLINK(1)", "s"), (day, "d"), (5, "n")]
    assert rows[2] == [(None, "n"), (None, "n"), ("5", "s")]
    assert book.active["B2"].number_format.replace("\\", "") == "yyyy-mm-dd"
    assert book.active["A1"].font.bold
    assert book.active.freeze_panes == "A2"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_text_is_a_formula(start: str) -> None:
    cell = _read(["x"], [[[f"{start}1+1"]]]).active["A2"]
    assert (cell.value, cell.data_type) == (f"{start}1+1", "s")


def test_any_text_comes_through_but_for_what_xml_cannot_say() -> None:
    texts = [" <b>&amp; \"quoted\" 'd' ", "䶮𠮷 é", "a\x00b\x0bc\ud800d", "two\nlines", "x" * 40_000]
    cells = [row[0].value for row in _read(["x"], [[[each] for each in texts]]).active.iter_rows(min_row=2)]
    assert cells == [texts[0], texts[1], "abcd", texts[3], "x" * 32_767]


def test_the_name_of_the_sheet_is_one_that_excel_takes() -> None:
    assert _read(["x"], [], sheet='Roll: [2026]/"A" & more than thirty-one characters').sheetnames == [
        'Roll   2026  "A" & more than th'
    ]


def test_bytes_leave_before_the_last_row_is_known_and_the_file_is_whole() -> None:
    asked: list[int] = []

    def blocks() -> Any:
        for number in range(3):
            asked.append(number)
            yield [[number] * 500] * 200

    pieces = xlsx_bytes(["x"], blocks(), sheet="x")
    first = next(pieces)
    assert first.startswith(b"PK") and asked == [0]
    whole = first + b"".join(pieces)
    assert asked == [0, 1, 2]
    with ZipFile(BytesIO(whole)) as archive:
        assert archive.testzip() is None


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writing, "MOST_ROWS", 3)
    assert len(list(xlsx_bytes(["x"], [[[1], [2]]], sheet="x"))) == 2
    with pytest.raises(ValueError, match="holds 3 rows"):
        list(xlsx_bytes(["x"], [[[1], [2]], [[3]]], sheet="x"))
