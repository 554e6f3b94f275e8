"""Each rule for migrations bites, and every migration on disk keeps them all."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations as m
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from tenants.phases import faults_of, faults_on_disk
from tests.architecture.test_laws import ROOMS, ROOT

PACKAGES = {room.rpartition("/")[2] for room in ROOMS}
KEY = ("id", models.BigAutoField(primary_key=True))


def state() -> ProjectState:
    """A project with one table in use, and one beside it."""
    found = ProjectState()
    found.add_model(ModelState("probe", "Colour", [KEY]))
    columns: list[tuple[str, Any]] = [
        KEY,
        ("name", models.CharField(max_length=40)),
        ("note", models.CharField(max_length=40, null=True)),
        ("shade", models.CharField(max_length=40, db_default="red")),
        ("code", models.CharField(max_length=9, unique=True)),
        ("day", models.DateField(db_index=True)),
        ("price", models.DecimalField(max_digits=8, decimal_places=2)),
        ("count", models.IntegerField(default=0)),
        ("colour", models.ForeignKey("probe.Colour", models.PROTECT)),
        ("more", models.ManyToManyField("probe.Colour", related_name="+")),
    ]
    found.add_model(ModelState("probe", "Paint", columns))
    return found


def faults(*operations: Any, first: bool = False, **facts: Any) -> list[str]:
    """The codes of what is wrong with a migration of these operations."""
    body = {"dependencies": [] if first else [("probe", "0001_initial")], "operations": operations, **facts}
    migration = type("Migration", (m.Migration,), body)("0002_probe", "probe")
    return [fault.code for fault in faults_of(migration, state())]


def add(name: str, column: Any) -> Any:
    return m.AddField("paint", name, column)


def alter(name: str, column: Any) -> Any:
    return m.AlterField("paint", name, column)


TEXT = models.CharField(max_length=9, null=True)
INDEX = models.Index(fields=["day"], name="paint_day")
UNIQUE = models.UniqueConstraint(fields=["name"], name="paint_once")
NEW = m.CreateModel("New", [KEY])


def noop(apps: Any, schema_editor: Any) -> None:
    """Python that does nothing."""


EXPANDS: dict[str, list[Any]] = {
    "a table": [NEW],
    "a table with all that belongs to it": [
        NEW,
        m.AddField("new", "name", models.CharField(max_length=9, default="")),
        m.AddIndex("new", models.Index(fields=["name"], name="new_name")),
        m.AddConstraint("new", models.UniqueConstraint(fields=["name"], name="new_once")),
    ],
    "a nullable column": [add("extra", TEXT)],
    "a column the database fills": [add("extra", models.CharField(max_length=9, db_default=""))],
    "a relation by a table of its own": [add("others", models.ManyToManyField("probe.Colour", related_name="+"))],
    "a reference without an index": [add("tint", models.ForeignKey("probe.Colour", models.PROTECT, null=True,
                                                                   db_index=False, related_name="+"))],
    "an index beside the writers": [AddIndexConcurrently("paint", INDEX)],
    "room": [alter("name", models.CharField(max_length=41))],
    "room without end": [alter("name", models.TextField())],
    "digits": [alter("price", models.DecimalField(max_digits=9, decimal_places=2))],
    "nothing is asked for": [alter("name", models.CharField(max_length=40, null=True))],
    "the database's default": [alter("count", models.IntegerField(default=0, db_default=0))],
}  # fmt: skip
CONTRACTS: dict[str, list[Any]] = {
    "a table goes": [m.DeleteModel("Paint")],
    "a nullable column goes": [m.RemoveField("paint", "note")],
    "a column the database fills goes": [m.RemoveField("paint", "shade")],
    "a relation goes": [m.RemoveField("paint", "more")],
    "an index goes": [m.RemoveIndex("paint", "paint_day")],
    "must be there": [alter("note", models.CharField(max_length=40, default=""))],
    "less room": [alter("name", models.CharField(max_length=39))],
    "less digits": [alter("price", models.DecimalField(max_digits=7, decimal_places=2))],
    "only once": [alter("name", models.CharField(max_length=40, unique=True))],
    "more than once": [alter("code", models.CharField(max_length=9))],
    "only positive": [alter("count", models.PositiveIntegerField(default=0))],
    "the database fills no more": [alter("shade", models.CharField(max_length=40))],
    "the field's own index goes": [alter("day", models.DateField())],
    "another table is meant": [alter("colour", models.ForeignKey("probe.Paint", models.PROTECT))],
    "a rule more": [m.AddConstraint("paint", UNIQUE)],
    "a rule less": [m.RemoveConstraint("paint", "paint_once")],
}
NEITHER: dict[str, list[Any]] = {
    "words": [alter("name", models.CharField("its name", max_length=40, help_text="x", choices=[("a", "A")]))],
    "order": [m.AlterModelOptions("paint", {"ordering": ["name"]})],
    "an index's name": [m.RenameIndex("paint", "paint_tag", old_name="paint_day")],
    "what only the code is told": [
        m.SeparateDatabaseAndState(state_operations=[m.RemoveField("paint", "name"), m.RenameModel("Paint", "Lack")])
    ],
    "rows": [m.RunPython(noop, noop)],
}
FORBIDDEN: dict[str, list[Any]] = {
    "no_default": [add("extra", models.CharField(max_length=9, default="red"))],
    "index_locks": [m.AddIndex("paint", INDEX)],
    "renames": [m.RenameField("paint", "name", "title")],
    "still_demanded": [m.RemoveField("paint", "name")],
    "rewrites": [alter("count", models.BigIntegerField(default=0))],
    "irreversible": [m.RunPython(noop)],
    "undeclared_sql": [m.RunSQL("SELECT 1", "SELECT 2")],
    "unknown_operation": [type("Paints", (m.operations.base.Operation,), {"state_forwards": lambda *_: None})()],
    "old_way": [m.AlterUniqueTogether("paint", {("name", "day")})],
}


@pytest.mark.parametrize("what", EXPANDS)
def test_expand(what: str) -> None:
    assert faults(*EXPANDS[what]) == []
    assert faults(*EXPANDS[what], phase="expand") == []
    assert faults(*EXPANDS[what], phase="contract") == ["misdeclared"]


@pytest.mark.parametrize("what", CONTRACTS)
def test_contract(what: str) -> None:
    assert faults(*CONTRACTS[what], phase="contract") == []
    assert faults(*CONTRACTS[what]) == ["undeclared"]
    assert faults(NEW, *CONTRACTS[what], phase="contract") == ["both"]
    assert faults(*CONTRACTS[what], NEW) == ["both"]


@pytest.mark.parametrize("what", NEITHER)
def test_what_no_code_notices(what: str) -> None:
    assert faults(*NEITHER[what]) == faults(*NEITHER[what], phase="contract") == []


@pytest.mark.parametrize("code", FORBIDDEN)
def test_what_must_not_be_done_in_any_phase(code: str) -> None:
    assert code in faults(*FORBIDDEN[code])
    assert code == "undeclared_sql" or code in faults(*FORBIDDEN[code], phase="contract")
    assert faults(*FORBIDDEN[code], first=True) == []


@pytest.mark.parametrize(
    ("code", "operation"),
    [
        ("renames", m.RenameModel("Paint", "Lack")),
        ("renames", m.AlterModelTable("paint", "lack")),
        ("renames", alter("name", models.CharField(max_length=40, db_column="title"))),
        ("renames", alter("more", models.ManyToManyField("probe.Colour", related_name="+", db_table="mixed"))),
        ("index_locks", add("extra", models.CharField(max_length=9, null=True, db_index=True))),
        ("index_locks", add("extra", models.CharField(max_length=9, null=True, unique=True))),
        ("index_locks", add("tint", models.ForeignKey("probe.Colour", models.PROTECT, null=True, related_name="+"))),
        ("index_locks", alter("name", models.CharField(max_length=40, db_index=True))),
        ("rewrites", alter("price", models.DecimalField(max_digits=9, decimal_places=3))),
        ("rewrites", alter("name", models.JSONField())),
        ("rewrites", add("twice", models.GeneratedField(
            expression=models.F("count") * 2, output_field=models.IntegerField(), db_persist=True))),
    ],
)  # fmt: skip
def test_other_ways_to_the_same_fault(code: str, operation: Any) -> None:
    assert code in faults(operation)


def test_sql_is_believed_when_it_says_what_it_is() -> None:
    sql = m.RunSQL("SELECT 1", m.RunSQL.noop)
    assert faults(sql, phase="expand") == faults(sql, phase="contract") == []
    assert faults(sql, NEW, phase="contract") == ["both"]


def test_python_stands_alone() -> None:
    assert faults(NEW, m.RunPython(noop, noop)) == ["python_apart"]
    assert faults(m.RunPython(noop, noop), m.RunPython(noop, noop)) == []


def test_no_way_back_needs_a_reason() -> None:
    assert faults(m.RunPython(noop), irreversible="what was there cannot be known") == []
    assert faults(m.RunPython(noop), irreversible=" ") == ["irreversible"]
    assert faults(m.RunSQL("SELECT 1"), phase="expand") == ["irreversible"]


def test_what_only_the_database_is_told_is_judged() -> None:
    hidden = m.SeparateDatabaseAndState(database_operations=[m.RemoveField("paint", "note")])
    assert faults(hidden) == ["undeclared"]
    assert faults(hidden, phase="contract") == []


def test_a_column_goes_in_two_migrations_of_one_version() -> None:
    """The code forgets it; the first migration asks for it no more, the second takes it away."""
    before = state()
    alter("name", models.CharField(max_length=40, null=True)).state_forwards("probe", before)
    gone = type("Migration", (m.Migration,), {
        "dependencies": [("probe", "0002_probe")], "operations": [m.RemoveField("paint", "name")], "phase": "contract",
    })("0003_gone", "probe")  # fmt: skip
    assert faults_of(gone, before) == []


def test_no_third_phase() -> None:
    assert faults(NEW, phase="expnad") == ["bad_phase"]


def test_every_migration_on_disk() -> None:
    folders = {app.name.partition(".")[0]: Path(app.path) for app in apps.get_app_configs()}
    # The environment with all libraries lies in this folder, too.
    ours = {name for name, path in folders.items() if path.is_relative_to(ROOT) and "site-packages" not in path.parts}
    assert len(ours) > 5
    assert ours <= PACKAGES
    assert faults_on_disk(PACKAGES) == []


def test_the_linter_reaches_the_disk(monkeypatch: Any) -> None:
    """A bad migration among the real ones is named with its rule."""
    from django.db.migrations.loader import MigrationLoader

    from tests.one_more_migration import one_more_migration

    bad = m.AddField("notice", "colour", models.CharField(max_length=9))
    monkeypatch.setattr(MigrationLoader, "load_disk", one_more_migration("notices", "9999_bad", bad))
    found = faults_on_disk({"tests"})
    assert len(found) == 1 and found[0].startswith("notices.9999_bad: notice.colour: old code would")
