"""Expand or contract: what one migration may do, so that old and new code can serve the same society.

An expand migration leaves in place whatever the code before it uses, and runs while that code runs. A contract
migration takes away what no code uses any more, runs when no old process is left, and says so on its class:
`phase = "contract"`. An app's first migration is free: there is no old code.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal
from tenants.operations import Site, judge_operation
from tenants.verdicts import CONTRACT, EXPAND, Fault

PHASES = (EXPAND, CONTRACT)


def phase_of(migration: Migration) -> str:
    return str(getattr(migration, "phase", EXPAND))


def is_first(migration: Migration) -> bool:
    return all(app != migration.app_label for app, _name in migration.dependencies)


def of_phase(phase: str, pending: Sequence[Migration]) -> list[Migration]:
    """Those of a phase, in their order; Refusal if one of them needs one of the other. All where no phase is named."""
    wanted = [migration for migration in pending if phase in ("", phase_of(migration))]
    left = {_key(migration) for migration in pending} - {_key(migration) for migration in wanted}
    if left and phase == CONTRACT:
        raise Refusal("expand_first", _("Expand first: %(migrations)s."), migrations=_names(left))
    if held_up := left & {need for migration in wanted for need in migration.dependencies}:
        raise Refusal(
            "contract_first",
            _(
                "This version builds on what is taken away first: %(migrations)s. Upgrade by way of the version "
                "between, or stop the old one and upgrade without a phase."
            ),
            migrations=_names(held_up),
        )
    return wanted


def faults_on_disk(rooms: Collection[str]) -> list[str]:
    """One line for each rule that a migration of these packages breaks."""
    loader = MigrationLoader(None)
    lines = []
    for key, migration in sorted(loader.disk_migrations.items()):
        if migration.__module__.partition(".")[0] in rooms:
            before = loader.project_state(key, at_end=False)
            lines += [f"{key[0]}.{key[1]}: {fault}" for fault in faults_of(migration, before)]
    return lines


def faults_of(migration: Migration, before: Any) -> list[Fault]:
    """What is wrong with this migration; `before` is the project's state that it finds, and is used up."""
    if is_first(migration):
        return []
    site = Site(
        app=migration.app_label,
        state=before,
        declared=str(getattr(migration, "phase", "")),
        irreversible=str(getattr(migration, "irreversible", "")),
    )
    found = list(_judge(migration.operations, site))
    faults = [each for each in found if isinstance(each, Fault)]
    if {isinstance(operation, RunPython) for operation in migration.operations} == {True, False}:
        # What is all SQL is replayed with its content types and grants; Python goes Django's way, society by society.
        faults.append(Fault("python_apart", "Python stands in a migration of its own"))
    return faults + list(_faults_of_phase(phase_of(migration), {each for each in found if isinstance(each, str)}))


def _judge(operations: Sequence[Any], site: Site) -> Iterator[str | Fault]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            # What only the code is told changes no table; what only the database is told is judged like the rest.
            yield from _judge(operation.database_operations, site.apart())
        else:
            yield from judge_operation(operation, site)
        operation.state_forwards(site.app, site.state)


def _faults_of_phase(declared: str, found: set[str]) -> Iterator[Fault]:
    if declared not in PHASES:
        yield Fault("bad_phase", f"phase is {declared!r}, and neither expand nor contract")
    elif found == {EXPAND, CONTRACT}:
        yield Fault("both", "adds and takes away: make it two migrations, the second of them contract")
    elif found == {CONTRACT} and declared == EXPAND:
        yield Fault("undeclared", 'takes something away and must say so: phase = "contract"')
    elif found == {EXPAND} and declared == CONTRACT:
        yield Fault("misdeclared", "takes nothing away: it is no contract migration")


def _key(migration: Migration) -> tuple[str, str]:
    return migration.app_label, migration.name


def _names(keys: Collection[tuple[str, str]]) -> str:
    return ", ".join(sorted(f"{app}.{name}" for app, name in keys))
