"""The border: what one society tells another, how it travels, and what headquarters makes of it."""


def pump() -> int:
    """Deliver and handle every message until nothing moves any more; for commands and tests."""
    from federation import pumping

    return pumping.pump()
