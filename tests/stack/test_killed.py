"""`kill -9` of every part of the stack while a crowd joins: nothing lost, nothing twice, with either broker."""

import pytest

from tests.faults.killing import STACK_TARGETS
from tests.faults.test_killed_at_work import check_killed_at_work
from tests.journeys.office import await_worker
from tests.stack.packages import missing, needed
from tests.stack.stacked import temporary_stack
from tests.stack.wishes import BROKERS

pytestmark = [pytest.mark.slow, pytest.mark.faults]


@pytest.mark.parametrize("broker", BROKERS)
def test_killed_at_work(broker: str) -> None:
    if problem := missing(needed(broker)):
        pytest.skip(problem)
    with temporary_stack(broker=broker) as installation:
        installation.start()
        await_worker(installation.demo)
        check_killed_at_work(installation, (*STACK_TARGETS, "rabbitmq") if broker == "rabbitmq" else STACK_TARGETS)
