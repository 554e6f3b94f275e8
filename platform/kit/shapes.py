"""Types that msgspec reads data into, learnt while one thread alone is at it."""

import msgspec


def learn(*shapes: type) -> None:
    """To be called where the types are defined, when their module is imported.

    msgspec learns a type when it first reads one, and shows what it has learnt so far to other threads: two requests
    that were the first of a new process ended that process (seen with msgspec 0.22).
    """
    for shape in shapes:
        msgspec.json.Decoder(shape)
