"""Lists of existing members, as a registrar hands them in."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEAD = ["姓名或单位名称", "Category", "Member since", "Valid until", "Phone", "E-mail", "ID number", "Old number"]
LI = ["李四", "高级会员", "2015-06-30", "2099-12-31", "13800000004", "lisi@example.org", "11010519900307013X", "G-77"]
CHEN = ["陈静", "Ordinary member", "2020/2/1", "2021年2月28日", "", "chen@example.org", "", ""]


def sheet(*rows: list[Any], head: list[str] | None = None) -> bytes:
    """An Excel file with these rows."""
    book = Workbook()
    page: Any = book.active
    for row in [HEAD if head is None else head, *rows]:
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def many(count: int) -> bytes:
    """So many different people who are in order."""
    return sheet(
        *([f"李{number}", "ordinary", "2020-01-01", "2099-12-31", f"{13900000000 + number}"] for number in range(count))
    )
