"""What becomes of a column when its field is altered: wider, narrower, something else, or nothing at all."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.models.fields import NOT_PROVIDED

from tenants.verdicts import CONTRACT, EXPAND, Fault

_SIZED = re.compile(r"(varchar|numeric)\((\d+)(?:, ?(\d+))?\)\Z")
_UNBOUNDED = 2**31  # the size of text, beside that of varchar


def compare_columns(old: Any, new: Any) -> Iterator[str | Fault]:
    """The phases that turning `old` into `new` belongs to, and what must not be done to a table in use."""
    if old.column != new.column:
        yield Fault("renames", "old and new code cannot agree on a column's name")
        return
    if old.many_to_many or new.many_to_many:
        if _through(old) != _through(new):
            yield Fault("renames", "another table behind the relation")
        return
    yield from _compare_types(old, new)
    if old.null != new.null:
        yield EXPAND if new.null else CONTRACT
    if old.unique != new.unique:
        yield CONTRACT  # forbids what old code may write, or takes away what it may count on
    elif old.db_index != new.db_index:
        yield Fault("index_locks", "its index would hold up writers") if new.db_index else CONTRACT
    if old.db_default != new.db_default:
        yield CONTRACT if new.db_default is NOT_PROVIDED else EXPAND
    if _reference(old) != _reference(new):
        yield CONTRACT


def _compare_types(old: Any, new: Any) -> Iterator[str | Fault]:
    before, after = (each.db_parameters(connection=connections["provisioner"]) for each in (old, new))
    if before["check"] != after["check"]:
        yield CONTRACT
    if before["type"] == after["type"]:
        return
    sizes = _size(before["type"]), _size(after["type"])
    if sizes[0] is None or sizes[1] is None or sizes[0][0] != sizes[1][0] or sizes[0][2] != sizes[1][2]:
        yield Fault(
            "rewrites", f"{before['type']} to {after['type']} rewrites every row under a lock; add a new column"
        )
    else:
        yield EXPAND if sizes[1][1] > sizes[0][1] else CONTRACT


def _size(kind: str) -> tuple[str, int, int] | None:
    """Kind, room and digits after the point of a type that PostgreSQL widens without rewriting the table."""
    if kind in ("text", "varchar"):
        return "varchar", _UNBOUNDED, 0
    found = _SIZED.match(kind)
    return (found[1], int(found[2]), int(found[3] or 0)) if found else None


def _reference(column: Any) -> tuple[str, str] | None:
    if not column.remote_field or not getattr(column, "db_constraint", False):
        return None
    return column.remote_field.model._meta.db_table, column.target_field.column


def _through(column: Any) -> str:
    return str(column.remote_field.through._meta.db_table) if column.many_to_many else ""
