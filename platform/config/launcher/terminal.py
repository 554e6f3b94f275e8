"""What the person at the terminal reads."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str, *, who: str = "huilian") -> None:
    """One line, with who says it in front; a closed terminal is no reason to fail."""
    try:
        print(f"{who:7}| {text}", flush=True)
    except OSError:
        sys.stdout = None  # Python then prints to nowhere


@contextmanager
def step(what: str) -> Iterator[None]:
    """Name a step that may take long before it begins, and say how long it took."""
    say(f"{what} ...")
    began = time.monotonic()
    yield
    say(f"{what}: done in {time.monotonic() - began:.1f} s")
