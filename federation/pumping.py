"""Carrying and handling everything in this process, for commands and tests that want to see the end of it."""

from collections.abc import Callable

from federation import relay
from federation.inbox import handle_waiting
from tenants import registry
from tenants.context import inside, society_of_schema
from tenants.models import Society

ROUNDS = 1000


def pump(*, until: Callable[[], bool] | None = None) -> int:
    """Deliver and handle until nothing moves any more; returns how many messages were handled.

    Where people go on writing that moment may never come: `until` tells, after each round, that it is enough.
    """
    registry.forget()
    handled = rounds = 0
    while until or rounds < ROUNDS:
        rounds += 1
        carried = relay.deliver_all().total()
        done = sum(_handle(schema) for schema in relay.receivers_waiting())
        handled += done
        if not (carried or done) or (until and until()):
            return handled
    raise RuntimeError(f"messages still travel after {ROUNDS} rounds: handlers answer each other without end")


def _handle(schema: str) -> int:
    society = society_of_schema(schema)
    if society.state != Society.State.OPEN:
        return 0
    with inside(society):
        return handle_waiting()
