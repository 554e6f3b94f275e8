"""The body of a table, drawn without a template of its own: a page of the roll has two hundred cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django import template
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from huilian.portals.console.words import NOTHING
from huilian.portals.shapes import BodyName, Column, Row, Whole
from huilian.portals.templatetags.huilian_tags import phrased

register = template.Library()


@register.simple_tag(takes_context=True)
def table_rows(
    context: template.Context, rows: Iterable[Row | Iterable[object]], columns: Sequence[Column], stack: object = False
) -> SafeString:
    """Draw `tr` elements: the first cell heads its row; with `stack` each cell carries its column's name for phones."""
    opened = [_opened(column, stack=bool(stack)) for column in columns[1:]]
    return mark_safe("".join(_drawn(row, opened, context) for row in rows))  # noqa: S308 - each cell is escaped below


def _opened(column: Column, *, stack: bool) -> tuple[str, str]:
    """How a cell begins; and one that says there is nothing, which a phone leaves out."""
    numeric = "num" if column.numeric else ""
    label = format_html(' data-label="{}"', column.label) if stack else ""
    return _cell(numeric, label), _cell(f"{numeric} none".strip(), label)


def _cell(classes: str, label: str) -> str:
    given = f' class="{classes}"' if classes else ""
    return f'<td role="cell"{given}{label}>'


def _drawn(row: Row | Iterable[object], opened: Sequence[tuple[str, str]], context: template.Context) -> str:
    cells, url = (row.cells, row.url) if isinstance(row, Row) else (row, "")
    head, *others = _written(cells, context)
    if url:
        head = format_html('<a href="{}">{}</a>', url, head)
    fields = "".join([f"{starts[cell == NOTHING]}{cell}</td>" for starts, cell in zip(opened, others, strict=True)])
    return f'<tr role="row"><th scope="row" role="rowheader">{head}</th>{fields}</tr>'


def _written(cells: Iterable[object], context: template.Context) -> Iterator[SafeString]:
    """Each cell as a template would write it: numbers in the reader's habit, everything else escaped."""
    for cell in cells:
        if isinstance(cell, Whole):
            yield format_html('<span class="whole">{}</span>', cell)
            continue
        if isinstance(cell, BodyName):
            yield conditional_escape(phrased(cell))
            continue
        yield mark_safe(render_value_in_context(cell, context))  # noqa: S308 - it escapes what is not safe
