"""The border: what one society tells another, how it travels, and what headquarters makes of it."""

from collections.abc import Callable


def pump(*, until: Callable[[], bool] | None = None) -> int:
    """Deliver and handle every message until nothing moves any more, or it is enough; for commands and tests."""
    from federation import pumping

    return pumping.pump(until=until)
