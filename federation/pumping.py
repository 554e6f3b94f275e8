"""Carrying and handling everything in this process, for commands and tests that want to see the end of it."""

from federation import relay
from federation.inbox import handle_waiting
from tenants import registry
from tenants.context import inside, society_of_schema
from tenants.models import Society

ROUNDS = 1000


def pump() -> int:
    """Deliver and handle until nothing moves any more; returns how many messages were handled."""
    registry.forget()
    handled = 0
    for _round in range(ROUNDS):
        carried = relay.deliver_all().total()
        done = sum(_handle(schema) for schema in relay.receivers_waiting())
        handled += done
        if not carried and not done:
            return handled
    raise RuntimeError(f"messages still travel after {ROUNDS} rounds: handlers answer each other without end")


def _handle(schema: str) -> int:
    society = society_of_schema(schema)
    if society.state != Society.State.OPEN:
        return 0
    with inside(society):
        return handle_waiting()
