"""The journeys of `make run`, against the stack with either broker; and nothing is left of it when it has ended."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation
from tests.journeys.office import await_worker
from tests.journeys.test_journeys import (
    test_a_second_start_is_quick_and_keeps_everything,
    test_a_stranger_at_the_second_preset,
    test_a_stranger_becomes_a_member,
    test_headquarters_is_the_sum_of_its_societies,
)
from tests.stack.conftest import skip_without
from tests.stack.stacked import StackInstallation, temporary_stack

pytestmark = pytest.mark.slow

# They stand in this module, so they are asked of this module's installations.
__all__ = [
    "test_a_second_start_is_quick_and_keeps_everything",
    "test_a_stranger_at_the_second_preset",
    "test_a_stranger_becomes_a_member",
    "test_headquarters_is_the_sum_of_its_societies",
]
PROGRAMS = {
    "redis": ("nginx", "gunicorn", "celery", "pgbouncer", "redis-server", "moto", "/bin/postgres"),
    "rabbitmq": ("nginx", "gunicorn", "celery", "pgbouncer", "redis-server", "moto", "/bin/postgres", "rabbit", "epmd"),
}


@pytest.fixture(scope="session")
def cmes(stack: StackInstallation) -> StackInstallation:
    return stack


@pytest.fixture(scope="module")
def aiet() -> Iterator[Installation]:
    """Headquarters alone, where one broker is like the other."""
    skip_without("redis")
    with temporary_stack(broker="redis", preset="aiet") as installation:
        installation.start()
        await_worker(installation.demo)
        yield installation


def test_it_is_all_there(stack: StackInstallation) -> None:
    """What runs is what the chart's operator runs: nothing is replaced by something embedded."""
    said = [" ".join(each.cmdline()) for each in stack.family()]
    for word in PROGRAMS[stack.environment["STACK_BROKER"]]:
        assert any(word in each for each in said), (word, said)
    assert not any("pginstall" in each for each in said), "Debian's PostgreSQL, not the wheel's"
    assert stack.manage("doctor").returncode == 0
