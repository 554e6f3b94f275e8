"""Lists as files for a spreadsheet: CSV or XLSX, sent while they are read, in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from kit.csv_rows import BOM, csv_text
from kit.errors import Refusal
from kit.xlsx_writing import MOST_ROWS, xlsx_bytes

Kind = Literal["csv", "xlsx"]
Rows = Sequence[Sequence[object]]
_TYPES: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def check_fits(kind: Kind, rows: int) -> None:
    """Refuse what no sheet of Excel holds, before anything is sent: `too_many_rows`."""
    if kind == "xlsx" and rows >= MOST_ROWS:
        raise Refusal(
            "too_many_rows",
            _(
                "This list has %(rows)s rows; a sheet of Excel holds at most %(most)s below its head. "
                "Narrow the filter, for example to one society, or export as CSV."
            ),
            rows=f"{rows:,}",
            most=f"{MOST_ROWS - 1:,}",
        )


def download(
    kind: Kind, head: Sequence[str], blocks: Iterable[Rows], *, name: str, sheet: str, widths: Sequence[int] = ()
) -> StreamingHttpResponse:
    """The file, block by block; `blocks` are read after the view has returned and must say where they act."""
    pieces = xlsx_bytes(head, blocks, sheet=sheet, widths=widths) if kind == "xlsx" else _lines(head, blocks)
    response = StreamingHttpResponse(pieces, content_type=_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy passes it on instead of keeping it
    return response


def _lines(head: Sequence[str], blocks: Iterable[Rows]) -> Iterator[str]:
    yield BOM + csv_text([head])
    for block in blocks:
        yield csv_text(block)
