"""The file to begin with: heads in both languages, and on a second sheet what belongs into each column."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from huilian.members.importing.columns import COLUMNS, double_head
from huilian.schemes.choices import IDENTITY_TYPES
from huilian.schemes.document import BY_RESOLUTION, Scheme

_TEXT = "@"


def template_bytes(scheme: Scheme) -> bytes:
    """The workbook, with the categories of this scheme."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = "会员 Members"
    for place, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, place, double_head(column) + (" *" if column.needed else ""))
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = column.width
        # As text, or Excel makes 1.1E+17 of an ID number.
        sheet.column_dimensions[head.column_letter].number_format = _TEXT
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("说明 Notes"), scheme)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _explain(sheet: Worksheet, scheme: Scheme) -> None:
    rows: list[tuple[str, str, str]] = [("列 Column", "说明", "Notes")]
    rows += [(double_head(column), column.help.zh, column.help.en) for column in COLUMNS]
    rows += [("", "", ""), ("会员类别 Category", "个人或单位", "Person or institution")]
    rows += [
        (
            f"{category.name.zh} / {category.name.en}",
            "单位" if category.is_institution else "个人",
            "Institution" if category.is_institution else "Person",
        )
        for category in scheme.by_rank()
        if category.term != BY_RESOLUTION
    ]
    rows += [("", "", ""), ("证件类型 ID type", "", "")]
    rows += [(f"{choice.label.zh} / {choice.label.en}", "", "") for choice in IDENTITY_TYPES]
    for row in rows:
        sheet.append(row)
    for letter, width in (("A", 48), ("B", 60), ("C", 70)):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
