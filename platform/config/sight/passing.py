"""What goes along when a task is asked for: the id of the request, and the span that asks."""

from typing import Any

from config.sight import tracing
from config.sight.scene import TASK_HEADER, scene


def pass_on(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """When a task is queued, it is told which request asked for it."""
    if headers is None:
        return
    now = scene.get()
    if now is not None and now.request_id:
        headers[TASK_HEADER] = now.request_id
    tracing.carry(headers)
