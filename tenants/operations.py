"""What each operation of a migration does to the code that runs meanwhile: one table of verdicts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    CreateExtension,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations as m
from django.db.models import GeneratedField
from django.db.models.fields import NOT_PROVIDED

from tenants.columns import compare_columns
from tenants.verdicts import CONTRACT, EXPAND, Fault


@dataclass(slots=True)
class Site:
    """Where an operation stands: the state it finds, what the migration has made and declared so far."""

    app: str
    state: Any
    declared: str = ""
    irreversible: str = ""
    made: set[str] = field(default_factory=set)  # models whose tables nobody can have read yet

    def apart(self) -> "Site":
        return replace(self, state=self.state.clone())

    def field(self, model: str, name: str) -> Any:
        return self.state.apps.get_model(self.app, model)._meta.get_field(name)


Verdict = Iterator[str | Fault]


def judge_operation(operation: Any, site: Site) -> Verdict:
    """`expand`, `contract`, both, neither where code notices nothing, and what must not be done at all."""
    judge = next((_TABLE[kind] for kind in type(operation).__mro__ if kind in _TABLE), None)
    if judge is None:
        yield Fault("unknown_operation", f"{type(operation).__name__}: no verdict on it yet, see tenants/operations.py")
    elif getattr(operation, "model_name_lower", None) in site.made:
        yield EXPAND
    else:
        yield from judge(operation, site)


def _create(operation: Any, site: Site) -> Verdict:
    site.made.add(operation.name_lower)
    yield EXPAND


def _add_field(operation: Any, site: Site) -> Verdict:
    column = operation.field
    where = f"{operation.model_name}.{operation.name}"
    if column.many_to_many:
        yield EXPAND
        return
    if isinstance(column, GeneratedField):
        yield Fault("rewrites", f"{where}: a generated column rewrites every row under a lock")
    elif not column.null and column.db_default is NOT_PROVIDED:
        yield Fault("no_default", f"{where}: old code would add rows without it; give it null=True or a db_default")
    if column.unique or column.db_index:
        yield Fault("index_locks", f"{where}: its index would hold up writers; add it apart, by AddIndexConcurrently")
    yield EXPAND


def _remove_field(operation: Any, site: Site) -> Verdict:
    column = site.field(operation.model_name, operation.name)
    if not (column.many_to_many or column.null or column.db_default is not NOT_PROVIDED):
        where = f"{operation.model_name}.{operation.name}"
        yield Fault("still_demanded", f"{where}: new code could add no row before it goes; first make it null=True")
    yield CONTRACT


def _alter_field(operation: Any, site: Site) -> Verdict:
    after = site.apart()
    operation.state_forwards(after.app, after.state)
    pair = (each.field(operation.model_name, operation.name) for each in (site, after))
    for verdict in compare_columns(*pair):
        if isinstance(verdict, Fault):
            yield Fault(verdict.code, f"{operation.model_name}.{operation.name}: {verdict.sentence}")
        else:
            yield verdict


def _sql(operation: Any, site: Site) -> Verdict:
    if site.declared:
        yield site.declared
    else:
        yield Fault("undeclared_sql", "nobody but you can read SQL: say phase = 'expand' or 'contract'")
    yield from _reversible(operation.reversible, site)


def _python(operation: Any, site: Site) -> Verdict:
    yield from _reversible(operation.reversible, site)


def _reversible(reversible: bool, site: Site) -> Verdict:
    if not (reversible or site.irreversible.strip()):
        yield Fault("irreversible", "has no way back: give it one, or say why not: irreversible = '…'")


def _says(*verdicts: str | Fault) -> Callable[[Any, Site], Verdict]:
    return lambda operation, site: iter(verdicts)


_RENAMES = Fault(
    "renames", "old and new code cannot agree on a name; keep it by db_column or db_table, or add and copy"
)
_INDEX = Fault("index_locks", "an index on a table in use is added by AddIndexConcurrently, with atomic = False")
_OLD_WAY = Fault("old_way", "declare constraints and indexes by name instead")

_TABLE: dict[type, Callable[[Any, Site], Verdict]] = {
    m.CreateModel: _create,
    m.DeleteModel: _says(CONTRACT),
    m.RenameModel: _says(_RENAMES),
    m.AlterModelTable: _says(_RENAMES),
    m.AddField: _add_field,
    m.RemoveField: _remove_field,
    m.AlterField: _alter_field,
    m.RenameField: _says(_RENAMES),
    m.AddIndex: _says(_INDEX),
    AddIndexConcurrently: _says(EXPAND),
    m.RemoveIndex: _says(CONTRACT),
    RemoveIndexConcurrently: _says(CONTRACT),
    m.RenameIndex: _says(),  # no code names an index
    m.AddConstraint: _says(CONTRACT),  # old code may write what it forbids
    m.RemoveConstraint: _says(CONTRACT),  # old code may count on it, as ON CONFLICT does
    AddConstraintNotValid: _says(CONTRACT),
    ValidateConstraint: _says(CONTRACT),
    m.AlterModelOptions: _says(),
    m.AlterModelManagers: _says(),
    m.AlterModelTableComment: _says(),
    m.AlterUniqueTogether: _says(_OLD_WAY),
    m.AlterIndexTogether: _says(_OLD_WAY),
    m.AlterOrderWithRespectTo: _says(_OLD_WAY),
    CreateExtension: _says(EXPAND),
    m.RunSQL: _sql,
    m.RunPython: _python,
}
