"""What a worker answers when doctor asks: which queues it serves, and when it last heard of which task."""

from time import monotonic
from typing import Any

COMMAND = "huilian_heard"

_heard: dict[str, float] = {}
_began = monotonic()


def hear(request: Any = None, **_: Any) -> None:
    """In the worker itself, also where its tasks run in children."""
    if request is not None:
        _heard[request.name] = monotonic()


def listen() -> None:
    """Only in a worker: what is registered here imports all of it."""
    from celery import signals
    from celery.worker.control import inspect_command

    signals.task_received.connect(hear, weak=False, dispatch_uid="sight")
    inspect_command(name=COMMAND)(answer)


def answer(state: Any) -> dict[str, Any]:
    """Ages in seconds, since clocks differ."""
    now = monotonic()
    return {
        "queues": sorted(queue.name for queue in state.consumer.task_consumer.queues),
        "up": now - _began,
        "heard": {name: now - at for name, at in _heard.items()},
    }
