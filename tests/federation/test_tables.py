"""The tables of the roof, read whole: each message has its reaction, and each name leads somewhere."""

import inspect
from typing import Any

import pytest
from django.utils.module_loading import import_string

from config import handlers, tasks
from federation import reactions, statements
from federation.contracts import CONTRACTS
from federation.reactions import Party


def test_every_message_has_exactly_one_reaction() -> None:
    assert sorted(handlers.HANDLERS) == sorted(CONTRACTS)


def test_the_tables_are_the_ones_in_force() -> None:
    assert reactions._table is handlers.HANDLERS
    assert statements._aggregates is handlers.AGGREGATES


@pytest.mark.parametrize("name", sorted(handlers.HANDLERS))
def test_a_reaction_takes_its_message(name: str) -> None:
    function = import_string(handlers.HANDLERS[name].function)
    parameters = inspect.signature(function).parameters
    message, *others = parameters
    assert parameters[message].annotation is CONTRACTS[name]
    required = {o for o in others if parameters[o].default is inspect.Parameter.empty}
    assert required <= {"sender", "at"}
    assert callable(handlers.HANDLERS[name].one)
    many = handlers.HANDLERS[name].many
    assert many is None or callable(many)


@pytest.mark.parametrize("name", sorted(handlers.AGGREGATES))
def test_an_aggregate_can_be_stated_and_reported(name: str, in_welding: Any) -> None:
    aggregate = handlers.AGGREGATES[name]
    assert callable(aggregate.report)
    rows = aggregate.rows()
    assert statements.build_statement(rows)["count"] == 0
    assert list(rows.filter(pk__in=[])) == []


@pytest.mark.parametrize("name", sorted(name for names in tasks.TASKS.values() for name in names))
def test_a_clock_is_a_task_of_one_society(name: str) -> None:
    task = import_string(name)
    assert task.name == name
    assert list(inspect.signature(task.run).parameters)[:1] == ["society"]


@pytest.mark.parametrize("name", sorted(handlers.HANDLERS))
def test_what_only_headquarters_keeps_is_told_to_nobody_else(name: str) -> None:
    reaction = handlers.HANDLERS[name]
    assert (reaction.receiver is Party.HEADQUARTERS) == reaction.function.startswith("federation.ledger.")


def test_no_society_may_speak_for_headquarters(hq: Any, zhejiang: Any, welding: Any) -> None:
    spoken = {name for name, reaction in handlers.HANDLERS.items() if not reaction.sender.includes(zhejiang)}
    assert spoken == {"society.opened", "scheme.published", "verdict.given", "statement.requested", "replay.requested"}
    money = {name for name, reaction in handlers.HANDLERS.items() if not reaction.sender.includes(welding)}
    assert money == spoken | {"bill.reported", "fee.reported"}
    assert all(reaction.sender.includes(hq) for reaction in handlers.HANDLERS.values())
