"""Who acts, as one line of text that stays readable when the user is long gone."""

from typing import Protocol


class Named(Protocol):
    """A user of any kind: this room lies below the accounts, which journal too."""

    pk: int
    name: str


SYSTEM = "system"  # clocks and messages


def actor_of(user: Named) -> str:
    """`user:<pk> <name>`; the name is that of the day, the key finds the user."""
    return f"user:{user.pk} {user.name}".strip()[:120]


def headquarters_actor(detail: str = "") -> str:
    """An act that a message from headquarters brought: `hq:<what>`."""
    return f"hq:{detail}"[:120]
